// Counts down the seconds for which something can be undone; when they are over the buttons go.
function over(note) {
  note.querySelector(".row").remove();
  const told = note.querySelector("[data-counted]");
  told.textContent = ` ${note.dataset.over}`;
  told.classList.remove("hide");
}

function count(note) {
  const end = performance.now() + Number(note.dataset.left) * 1000;
  const seconds = note.querySelector("[data-seconds]");
  seconds.hidden = false;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    seconds.textContent = Math.max(left, 0);
    if (left <= 0) over(note);
    else setTimeout(tick, 250);
  };
  note.querySelector("[data-counted]").classList.add("hide");
  tick();
}

for (const note of document.querySelectorAll(".undo[data-left]")) count(note);
