// Keys of a page: J and K mark a line; what bears data-key is pressed, or focused where it is a field.
// They rest while somebody types, once a form was begun, and while their reader has switched them off.
const lines = [...document.querySelectorAll("[data-line]")];
const help = document.querySelector("#keys");
const opener = document.querySelector("[data-help]");
const isOn = help.querySelector("input");
const typed = "input:not([type=checkbox]), select, textarea, form.filling, dialog";
let isBegun = document.querySelector("#error-summary") !== null;
let sentAt = -Infinity;

const marked = () => document.querySelector("[data-line][aria-current]");

function mark(line) {
  marked()?.removeAttribute("aria-current");
  line?.setAttribute("aria-current", "true");
}

function go(step) {
  const next = Math.max(0, Math.min(lines.length - 1, lines.indexOf(marked()) + step));
  lines[next]?.querySelector("a")?.focus();
}

function press(key) {
  const one = [...document.querySelectorAll("[data-key]")].find((found) => {
    const line = found.closest("[data-line]");
    return found.dataset.key === key && (line === null || line === marked());
  });
  one?.matches("[type=search]") ? one.select() : one?.click();
  return one !== undefined;
}

function act(key) {
  if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (key === "?") help.showModal();
  else return press(key);
  return true;
}

document.addEventListener("focusin", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) mark(line);
});
document.addEventListener("input", (event) => {
  isBegun ||= event.target.closest("form.filling") !== null;
});
document.addEventListener("opened", () => { isBegun = false; }); // another form stands beside the list
document.addEventListener("submit", (event) => {
  if (event.target.method !== "dialog") sentAt = event.timeStamp;
});
document.addEventListener("keydown", (event) => {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isKey = !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
  const isNative = key === "Enter" && !event.target.matches("body, main, [data-line] input");
  const rests = !isOn.checked || (isBegun && key !== "?") || event.timeStamp - sentAt < 1000;
  if (!isKey || isNative || rests || event.target.closest(typed)) return;
  if (act(key)) event.preventDefault();
});

isOn.checked = localStorage.getItem("keys") !== "off";
isOn.addEventListener("change", () => localStorage.setItem("keys", isOn.checked ? "on" : "off"));
opener.addEventListener("click", () => help.showModal());
opener.hidden = false;
if (location.hash === "#search") {
  document.querySelector("#search")?.focus();
  history.replaceState(null, "", location.pathname + location.search); // what is found keeps its focus
}
