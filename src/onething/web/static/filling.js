// A choice may show or hide further fields: the server says which.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filling");
  if (form && event.target.matches("select, input[type=radio], input[type=checkbox]")) {
    form.dispatchEvent(new CustomEvent("choice"));
  }
});
