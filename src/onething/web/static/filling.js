// A choice may show or hide further fields: the server says which. What begins with _ is no field.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filling");
  const isChoice = event.target.matches("select, input[type=radio], input[type=checkbox]");
  if (form && isChoice && !event.target.name.startsWith("_")) {
    form.dispatchEvent(new CustomEvent("choice"));
  }
});

// A button that chooses an office or a day does so in place; without script it sends the form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("form.filling button[data-choice]");
  if (!button || !window.htmx) return;
  event.preventDefault();
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: button.name, value: button.value });
  button.form.append(field);
  button.form.dispatchEvent(new CustomEvent("choice"));
});
