// Light, dark or automatic, without reloading: the form of `/preferences/`, with buttons named `apparence`.

/** Fired on `document` once the theme has changed; maps draw themselves again. */
export const THEME_CHANGED = "parvis:theme";

const DARK = matchMedia("(prefers-color-scheme: dark)");

/** The theme that the page wears now. */
export function currentTheme(): "light" | "dark" {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return DARK.matches ? "dark" : "light";
}

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
  DARK.addEventListener("change", announce);
}

function apply(theme: string): void {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  announce();
}

function announce(): void {
  document.dispatchEvent(new CustomEvent(THEME_CHANGED));
}
