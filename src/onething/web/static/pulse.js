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

// One box for all lines of a list, and how many are ticked.
const all = document.querySelector("[data-all]");
const boxes = document.querySelectorAll("input[data-one]");

function count() {
  const ticked = [...boxes].filter((box) => box.checked).length;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && ticked < boxes.length;
  for (const place of document.querySelectorAll("[data-chosen]")) {
    place.textContent = ticked ? `${place.dataset.chosen} ${ticked}` : "";
  }
}

if (all) {
  document.addEventListener("change", (event) => {
    if (event.target === all) boxes.forEach((box) => { box.checked = all.checked; });
    if (event.target.matches("[data-all], [data-one]")) count();
  });
  count();
}
