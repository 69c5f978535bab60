/** Shows a video (or a picture) of the sheet over the page. */

import { isVideo } from "./cells.js";
import { h } from "./dom.js";

/** `closed()` runs when it is over: the focus goes back to where it came from. */
export function play(address, title, closed) {
  const dialog = document.getElementById("player");
  const stage = dialog.querySelector(".stage");
  const media = isVideo(address) ? video(address, stage) : h("img", { src: address, alt: title });
  stage.classList.remove("is-broken");
  stage.replaceChildren(media);
  dialog.querySelector(".player-title").textContent = title;
  dialog.querySelector(".player-open").href = address;
  dialog.showModal();
  dialog.addEventListener(
    "close",
    () => {
      stage.replaceChildren();
      closed();
    },
    { once: true },
  );
}

function video(address, stage) {
  const attributes = { src: address, controls: true, autoplay: true, playsinline: true, loop: true };
  const element = h("video", attributes);
  element.muted = true; // a page may only start a video by itself when it is silent
  element.addEventListener("error", () => {
    stage.classList.add("is-broken");
    stage.replaceChildren(h("p", {}, "This video cannot be played here. Try the link above."));
  });
  return element;
}

/** A click beside the picture closes, as Escape does. */
export function preparePlayer() {
  const dialog = document.getElementById("player");
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".player-close")) dialog.close();
  });
}
