// Keys of the queue: j and k go through the lines, Enter opens, c claims, / searches.
const lines = [...document.querySelectorAll("[data-line]")];
const search = document.querySelector("input[name=q]");

function at() {
  return lines.findIndex((line) => line.contains(document.activeElement));
}

function go(step) {
  const next = Math.max(0, Math.min(lines.length - 1, at() + step));
  lines[next]?.querySelector("a")?.focus();
}

const keys = {
  j: () => go(1),
  k: () => go(-1),
  c: () => lines[at()]?.querySelector("button")?.click(),
  "/": () => search?.focus(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
