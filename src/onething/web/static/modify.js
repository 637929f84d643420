// Chooses on the diagram which token moves where; the lists of the form do so without a script.
import { show } from "./diagram.js";

const box = document.getElementById("choosing");
const cancel = document.getElementById("cancel");
const start = document.getElementById("start");
const MARKS = { "is-from": cancel, "is-to": start };

const offers = (list, id) =>
  [...list.options].some((one) => one.value === id && !one.parentElement.disabled);

// A token stays inside its process or sub-process: other groups cannot be chosen.
function narrow() {
  const scope = cancel.selectedOptions[0].dataset.scope;
  for (const group of start.querySelectorAll("optgroup")) {
    group.disabled = Boolean(scope) && group.dataset.scope !== scope;
  }
  if (start.value && !offers(start, start.value)) start.value = "";
}

function mark(viewer) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [marker, list] of Object.entries(MARKS)) {
    registry.forEach((one) => canvas.removeMarker(one, marker));
    if (registry.get(list.value)) canvas.addMarker(list.value, marker);
  }
}

function choose(id) {
  const list = box.dataset.here.split(" ").includes(id) ? cancel : start;
  if (!offers(list, id)) return;
  list.value = list.value === id ? "" : id;
  list.dispatchEvent(new Event("change"));
}

narrow();
cancel.addEventListener("change", narrow);
show(box).then((viewer) => {
  mark(viewer);
  box.classList.add("to-choose");
  for (const list of [cancel, start]) list.addEventListener("change", () => mark(viewer));
  viewer.on("element.click", ({ element }) => choose((element.labelTarget || element).id));
}, () => {}); // no drawing: the lists are there
