/** Follows the sheet's stream of changes and says whether the line is up. */

const PATIENCE = 800; // a reconnect shorter than this is not worth a red light

/** Calls `onChange(event)` for each change, `onLight("live" | "waiting")` when the line comes and goes. */
export function follow(address, onChange, onLight) {
  const source = new EventSource(address);
  let dimming = 0;
  let hadOpened = false;
  source.addEventListener("open", () => {
    clearTimeout(dimming);
    onLight("live");
    // What happened while the line was down may be gone from the server's memory: look at everything again.
    if (hadOpened) onChange({ reload: true });
    hadOpened = true;
  });
  source.addEventListener("message", (message) => onChange(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    clearTimeout(dimming);
    dimming = setTimeout(() => onLight("waiting"), PATIENCE);
    if (source.readyState === EventSource.CLOSED) setTimeout(retry, 2000);
  });
  let stop = () => source.close();
  // The browser reconnects by itself after a broken line, but gives up after a refusal; then we do it.
  function retry() {
    stop = follow(address, onChange, onLight);
    onChange({ reload: true });
  }
  addEventListener("pagehide", () => source.close(), { once: true });
  return () => stop();
}
