// A form saves itself: some seconds after typing stops, and when its page is left.
// The server answers with the words to show and the version that the page is based on then.
const WAIT_MS = 3000;
const AGAIN_MS = 30000;
const MOST_THAT_OUTLIVES = 60000; // bytes; browsers let no larger request outlive its page
const bar = () => document.getElementById("draft");
let timer = 0;
let isDirty = false;
let isSaving = false;

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

function failed(place) {
  const words = place.querySelector("[data-told]");
  words.textContent = place.dataset.failed;
  words.className = "draft-note";
  words.setAttribute("role", "alert");
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
    failed(place);
    later(AGAIN_MS);
  } finally {
    isSaving = false;
  }
}

function note(event) {
  if (event.target.form && event.target.form.id === bar()?.dataset.form && event.target.type !== "file") {
    isDirty = true;
    later(WAIT_MS);
  }
}

document.addEventListener("input", note);
document.addEventListener("change", note);
document.addEventListener("leaving", save);
document.addEventListener("opened", () => { isDirty = false; });
document.addEventListener("visibilitychange", () => document.hidden && save());
window.addEventListener("pagehide", save);
