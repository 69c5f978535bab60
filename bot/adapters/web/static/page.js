"use strict";
// Looks again every few seconds and puts in what is new; whoever reads, opens or focuses something is not disturbed.
const SECONDS = 10;
const LONGEST_ANSWER = 5;
const pause = document.getElementById("pause");
const state = document.getElementById("state");
let isPaused = false;

pause.addEventListener("click", () => {
  isPaused = !isPaused;
  pause.setAttribute("aria-pressed", String(isPaused));
  if (!isPaused) look();
});

function tell(words, kind) {
  if (state.textContent !== words) state.textContent = words;
  state.className = `state ${kind}`;
}

function show(fresh) {
  const main = document.getElementById("main");
  const news = fresh.getElementById("main");
  for (const one of main.querySelectorAll("details[open]")) {
    const again = fresh.getElementById(one.id);
    if (again) again.open = true;
  }
  const held = document.activeElement?.closest("main details")?.id;
  main.replaceWith(news);
  if (held) document.getElementById(held)?.querySelector("summary")?.focus();
  document.getElementById("when").replaceWith(fresh.getElementById("when"));
  document.title = fresh.title;
  const said = fresh.getElementById("state");
  tell(said.textContent, said.classList.item(1));
}

async function look() {
  try {
    // A robot that is stopped in its tracks still takes connections, and never answers.
    const signal = AbortSignal.timeout(LONGEST_ANSWER * 1000);
    const answer = await fetch(location.pathname, { cache: "no-store", signal });
    if (!answer.ok) throw new Error(answer.statusText);
    show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    tell("Not reached", "bad");
    document.title = "Not reached · Rowreel";
  }
}

setInterval(() => {
  if (!isPaused && !document.hidden) look();
}, SECONDS * 1000);
