// A part of a page that keeps itself fresh: the server renders it again, focus and scroll stay.
// It rests while the page is hidden, and while its reader has switched it off.
const part = document.querySelector("[data-pulse]");
const isOn = () => document.querySelector("#pulse-on")?.checked ?? true;

setInterval(() => {
  const current = document.querySelector("[data-pulse]");
  if (current && current.dataset.pulse !== "off" && !document.hidden && isOn()) {
    current.dispatchEvent(new CustomEvent("pulse"));
  }
}, Number(part?.dataset.every ?? 5) * 1000);

// One box for all lines of a list.
document.querySelector("[data-all]")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll("input[data-one]")) {
    box.checked = event.target.checked;
  }
});
