// Draws the BPMN diagrams of a page and marks where a case stands.
import NavigatedViewer from "./vendor/bpmn-viewer.js";

const PADDING = 24;
const READABLE = 0.55; // below this scale names cannot be read: look at the current place instead
const files = new Map();
const viewers = new Map();

const ids = (text) => (text || "").split(" ").filter(Boolean);

function file(source) {
  if (!files.has(source)) {
    files.set(source, fetch(source).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    }));
  }
  return files.get(source);
}

/** Show the whole diagram with some air around it. */
export function fit(viewer) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  if (!outer.width || !outer.height) return; // not laid out: nothing to fit into
  const width = inner.width + 2 * PADDING;
  const height = inner.height + 2 * PADDING;
  const scale = Math.min(outer.width / width, outer.height / height, 1.2);
  canvas.viewbox({
    x: inner.x + inner.width / 2 - outer.width / scale / 2,
    y: inner.y + inner.height / 2 - outer.height / scale / 2,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Bring nodes into the middle at a size that can be read. */
export function look(viewer, names) {
  const registry = viewer.get("elementRegistry");
  const holds = holder(viewer);
  const found = names.filter((name) => registry.get(name));
  const inner = found.filter((name) => !holds(name));
  const shapes = (inner.length ? inner : found).map((name) => registry.get(name));
  const canvas = viewer.get("canvas");
  if (!shapes.length) return;
  const { outer } = canvas.viewbox();
  if (!outer.width || !outer.height) return;
  const middle = shapes[shapes.length - 1];
  const scale = 0.9;
  canvas.viewbox({
    x: middle.x + middle.width / 2 - outer.width / scale / 2,
    y: middle.y + middle.height / 2 - outer.height / scale / 2,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

function mark(viewer, box, names, marker) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const marked = box[marker] || [];
  for (const name of marked) if (registry.get(name)) canvas.removeMarker(name, marker);
  box[marker] = names.filter((name) => registry.get(name));
  for (const name of box[marker]) canvas.addMarker(name, marker);
}

// An open sub-process is a frame around what happens in it: it is never filled.
function holder(viewer) {
  const registry = viewer.get("elementRegistry");
  return (name) => registry.get(name)?.children?.some((child) => !child.labelTarget && child.width);
}

/** Show where a diagram begins, as high as the box, at a size that can be read. */
function begin(viewer) {
  const canvas = viewer.get("canvas");
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(0.9, Math.max(READABLE, outer.height / (inner.height + 2 * PADDING)));
  canvas.viewbox({
    x: inner.x - PADDING,
    y: inner.y + inner.height / 2 - outer.height / scale / 2,
    width: outer.width / scale,
    height: outer.height / scale,
  });
}

/** Show the whole diagram, or the current place where the whole could not be read. */
function settle(viewer, box) {
  fit(viewer);
  if (viewer.get("canvas").viewbox().scale >= READABLE) return;
  if (box.dataset.here) look(viewer, ids(box.dataset.here));
  else begin(viewer);
}

/** Keep the current place in sight when the box gets another width. */
function watch(viewer, box) {
  let width = box.clientWidth;
  new ResizeObserver(() => {
    if (!box.drawn || box.clientWidth === width) return;
    width = box.clientWidth;
    viewer.get("canvas").resized();
    settle(viewer, box);
  }).observe(box);
}

/** Draw what a box names in its data attributes, one drawing after the other. */
export function show(box) {
  const turn = (box.turn || Promise.resolve()).catch(() => {}).then(() => draw(box));
  box.turn = turn;
  return turn;
}

/** Draw again only when the file changed. */
async function draw(box) {
  let viewer = viewers.get(box);
  const { source } = box.dataset;
  if (!viewer) {
    box.replaceChildren();
    viewer = new NavigatedViewer({ container: box });
    viewers.set(box, viewer);
    watch(viewer, box);
  }
  if (box.drawn !== source) {
    await viewer.importXML(await file(source));
    box.drawn = source;
    box["is-done"] = box["is-here"] = box["is-around"] = [];
    settle(viewer, box);
  }
  const holds = holder(viewer);
  const here = ids(box.dataset.here);
  mark(viewer, box, ids(box.dataset.done).filter((name) => !holds(name)), "is-done");
  mark(viewer, box, here.filter((name) => !holds(name)), "is-here");
  mark(viewer, box, here.filter(holds), "is-around");
  return viewer;
}

async function start(box) {
  const waiting = box.querySelector("[data-waiting]");
  try {
    await show(box);
  } catch {
    if (waiting) {
      waiting.textContent = waiting.dataset.waiting;
      box.replaceChildren(waiting);
    }
    box.classList.add("is-missing");
  }
}

function zoom(button) {
  const box = document.getElementById(button.dataset.for);
  const viewer = viewers.get(box);
  if (!viewer) return;
  const canvas = viewer.get("canvas");
  const steps = {
    in: () => canvas.zoom(canvas.zoom() * 1.25),
    out: () => canvas.zoom(canvas.zoom() / 1.25),
    fit: () => fit(viewer),
    here: () => look(viewer, ids(box.dataset.here)),
  };
  steps[button.dataset.zoom]();
}

for (const box of document.querySelectorAll("[data-diagram]")) start(box);
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zoom(button);
});
