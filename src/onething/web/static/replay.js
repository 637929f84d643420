// Moves the replay page through its events without asking the server again.
import { look, show } from "./diagram.js";

const PACE_MS = 900;
const stage = document.getElementById("stage");
const slider = document.getElementById("slider");
const scenes = [...document.querySelectorAll("#scenes > li")];
const play = document.getElementById("play");
let timer = 0;

function reveal(scene) {
  const list = scene.parentElement;
  list.scrollTop = scene.offsetTop - list.clientHeight / 3;
}

async function go(position) {
  const at = Math.max(1, Math.min(scenes.length, position));
  const scene = scenes[at - 1];
  const link = scene.querySelector("a");
  slider.value = at;
  document.getElementById("position").textContent = `${at} / ${scenes.length}`;
  document.getElementById("stage-name").textContent = scene.dataset.name;
  const text = link.querySelector("strong").textContent;
  slider.setAttribute("aria-valuetext", text);
  const telling = document.getElementById("telling");
  telling.replaceChildren(document.createElement("strong"), ` ${link.querySelector(".what").textContent}`);
  telling.firstChild.textContent = text;
  document.querySelector("#scenes [aria-current]")?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "step");
  reveal(scene);
  Object.assign(stage.dataset, {
    source: scene.dataset.source, here: scene.dataset.here, done: scene.dataset.done,
  });
  history.replaceState(null, "", link.href);
  const viewer = await show(stage);
  if (viewer.get("canvas").viewbox().scale >= 0.55) look(viewer, scene.dataset.here.split(" "));
}

const now = () => Number(slider.value);
reveal(scenes[now() - 1]);

function stop() {
  clearInterval(timer);
  timer = 0;
  play.textContent = play.dataset.play;
}

function toggle() {
  if (timer) return stop();
  if (now() >= scenes.length) go(1);
  play.textContent = play.dataset.pause;
  timer = setInterval(() => (now() < scenes.length ? go(now() + 1) : stop()), PACE_MS);
}

play.hidden = false;
play.addEventListener("click", toggle);
slider.addEventListener("input", () => go(now()));
for (const [id, step] of [["back", -1], ["forth", 1]]) {
  document.getElementById(id).addEventListener("click", (event) => {
    event.preventDefault();
    go(now() + step);
  });
}
document.getElementById("scenes").addEventListener("click", (event) => {
  const scene = event.target.closest("li");
  if (!scene) return;
  event.preventDefault();
  go(scenes.indexOf(scene) + 1);
});
document.getElementById("player").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inside = event.target.closest("a, button, textarea, select");
  if (event.key === " " && !inside) {
    event.preventDefault();
    toggle();
  } else if (event.target !== slider && event.key === "ArrowLeft") {
    go(now() - 1);
  } else if (event.target !== slider && event.key === "ArrowRight") {
    go(now() + 1);
  }
});
