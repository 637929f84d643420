// A choice may show or hide further fields: the server says which. A file is taken in at once, so
// that a draft keeps it. What begins with _ is no field.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form.filling");
  const isChoice = event.target.matches("select, input:is([type=radio], [type=checkbox], [type=file])");
  if (form && isChoice && !event.target.name.startsWith("_")) {
    form.dispatchEvent(new CustomEvent("choice"));
  }
});

// What the page has sent is not sent again with the next choice.
document.addEventListener("htmx:after:swap", () => {
  for (const field of document.querySelectorAll("form.filling input[type=file]")) field.value = "";
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

// A suggested text goes into its field at once; without script the server puts it there.
document.addEventListener("click", (event) => {
  const button = event.target.closest("form.filling button[name=_say]");
  if (!button) return;
  const [, name, adds, text] = /^(.*?)(\+?)=(.*)$/s.exec(button.value);
  const field = button.form.elements[name];
  if (!(field instanceof HTMLElement)) return;
  event.preventDefault();
  if (!adds || !field.value) field.value = text;
  else if (!field.value.includes(text)) field.value += `；${text}`;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
