// Light, dark or automatic, without reloading: the form of `/preferences/`, with buttons named `apparence`.

/** Fired on `document` once the theme has changed; maps draw themselves again. */
export const THEME_CHANGED = "parvis:theme";

export function enhanceTheme(): void {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.name !== "apparence") return;
    const form = event.target as HTMLFormElement;
    event.preventDefault();
    apply(button.value);
    for (const other of form.querySelectorAll<HTMLButtonElement>("button[name=apparence]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
    // The server keeps the choice in a cookie; if it cannot be reached the choice lasts as long as the page.
    fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" }).catch(() => undefined);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announce);
}

function apply(theme: string): void {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  announce();
}

function announce(): void {
  document.dispatchEvent(new CustomEvent(THEME_CHANGED));
}
