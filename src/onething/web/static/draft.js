// A form saves itself: some seconds after typing stops, and when its page is left.
// The server answers with the words to show and the version that the page is based on then.
const WAIT_MS = 3000;
const AGAIN_MS = 30000;
const MOST_THAT_OUTLIVES = 60000; // bytes; browsers let no larger request outlive its page
const bar = () => document.getElementById("draft");
let timer = 0;
let isDirty = false;
let isSaving = false;
let isUploading = false;

function typed(place) {
  const words = new URLSearchParams();
  for (const [name, value] of new FormData(document.getElementById(place.dataset.form))) {
    if (typeof value === "string") words.append(name, value);
  }
  return words;
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

function say(place, text, isAlert) {
  const words = place.querySelector("[data-told]");
  words.textContent = text;
  words.className = isAlert ? "draft-note" : "quiet small";
  words.setAttribute("role", isAlert ? "alert" : "status");
}

async function save() {
  clearTimeout(timer);
  const place = bar();
  if (!place || !isDirty || isSaving || place.querySelector("[data-stop]")) return;
  isDirty = false;
  isSaving = true;
  const body = typed(place);
  try {
    const keepalive = body.toString().length < MOST_THAT_OUTLIVES;
    const answer = await fetch(place.dataset.to, { method: "POST", body, keepalive });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.querySelector("[data-draft]");
    if (!told) throw new Error(answer.status);
    place.replaceChildren(told);
    if (isDirty) later(WAIT_MS);
  } catch {
    if (!place.isConnected) return; // another form stands there by now
    isDirty = true;
    say(place, place.dataset.failed, true);
    later(AGAIN_MS);
  } finally {
    isSaving = false;
  }
}

function note(event) {
  const place = bar();
  if (!place || event.target.form?.id !== place.dataset.form) return;
  if (event.target.type !== "file") {
    isDirty = true;
    later(WAIT_MS);
  } else if (event.type === "change") {
    isUploading = true; // filling.js sends it; the page that comes back names it
    say(place, place.dataset.uploading, false);
  }
}

function uploaded() {
  if (!isUploading) return;
  isUploading = false;
  isDirty = true;
  later(0);
}

function broken() {
  if (!isUploading) return;
  isUploading = false;
  say(bar(), bar().dataset.broken, true);
}

document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("htmx:after:swap", uploaded);
document.addEventListener("htmx:error", broken);
document.addEventListener("leaving", save);
document.addEventListener("opened", () => { isDirty = false; });
document.addEventListener("visibilitychange", () => document.hidden && save());
window.addEventListener("pagehide", save);
