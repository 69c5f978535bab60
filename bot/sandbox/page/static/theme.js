/** Light or dark: as the system says until a person says otherwise. */

const KEY = "rowreel-theme";

export function prepareTheme(button) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const now = () => document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  const say = () => {
    button.setAttribute("aria-label", now() === "dark" ? "Switch to light" : "Switch to dark");
    button.classList.toggle("is-dark", now() === "dark");
  };
  const kept = localStorage.getItem(KEY);
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  button.addEventListener("click", () => {
    document.documentElement.dataset.theme = now() === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, now());
    say();
  });
  dark.addEventListener("change", say);
  say();
}
