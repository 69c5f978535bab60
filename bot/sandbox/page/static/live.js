/** Follows the sheet's stream of changes and says whether the line is up. */

const PATIENCE = 800; // ms: a reconnect shorter than this is not worth a red light
const AGAIN = 2000; // ms until a refused stream is asked for again

/**
 * Calls `onChange(event)` for each change, `onLight("live" | "waiting")` when the line comes and goes. After a broken
 * line the browser asks for what came after the last change it heard of, and the server tells it, or says to read all.
 */
export function follow(address, onChange, onLight) {
  const source = new EventSource(address);
  let dimming = 0;
  source.addEventListener("open", () => {
    clearTimeout(dimming);
    onLight("live");
  });
  source.addEventListener("message", (message) => onChange(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    clearTimeout(dimming);
    dimming = setTimeout(() => onLight("waiting"), PATIENCE);
    // The browser gives up after a refusal; we do not.
    if (source.readyState === EventSource.CLOSED) setTimeout(retry, AGAIN);
  });
  function retry() {
    clearTimeout(dimming);
    follow(address, onChange, onLight);
    onChange({ reload: true });
  }
  addEventListener("pagehide", () => source.close(), { once: true });
}
