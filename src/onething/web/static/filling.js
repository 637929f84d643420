// A choice may show or hide further fields: the server says which. What begins with _ is no field.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filling");
  const isChoice = event.target.matches("select, input[type=radio], input[type=checkbox]");
  if (form && isChoice && !event.target.name.startsWith("_")) {
    form.dispatchEvent(new CustomEvent("choice"));
  }
});
