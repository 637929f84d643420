// Queue and task side by side: a line that is opened, or reached by J and K, loads its task beside the list.
// On narrow screens a task has its own page.
const WAIT_MS = 200;
const wide = matchMedia("(min-width: 1200px)");
const pane = document.getElementById("pane");
let timer = 0;
let key = "";

function open(link) {
  clearTimeout(timer);
  document.querySelector("[data-open][aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  document.dispatchEvent(new CustomEvent("leaving")); // what was typed is saved first
  htmx.ajax("GET", link.dataset.pane, { target: "#pane", swap: "innerHTML" }).then(() => {
    history.replaceState(null, "", link.href);
    pane.scrollTop = 0;
    document.dispatchEvent(new CustomEvent("opened"));
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (wide.matches) open(link);
  else location.assign(link.dataset.alone);
});
document.addEventListener("keydown", (event) => { key = event.key.toLowerCase(); }, true);
document.addEventListener("focusin", (event) => {
  const link = event.target.closest("[data-line]")?.querySelector("[data-open]");
  if (!link || !wide.matches || (key !== "j" && key !== "k")) return;
  clearTimeout(timer);
  timer = setTimeout(open, WAIT_MS, link);
});
