// « Me localiser » and « Ajouter ma position »: where the telephone is, once the person lets the browser say it.
import { type Words, say } from "./types";

const DECIMALS = 6;

export function enhancePlaces(form: HTMLFormElement, words: Words, changed: () => void): void {
  if (!navigator.geolocation) return;
  const reveal = (): void => {
    for (const button of form.querySelectorAll<HTMLButtonElement>("[data-position]")) button.hidden = false;
  };
  reveal();
  new MutationObserver(reveal).observe(form, { childList: true, subtree: true }); // entries of groups that are added
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-position]") : null;
    if (button) locate(form, button, words, changed);
  });
}

function locate(form: HTMLFormElement, button: HTMLButtonElement, words: Words, changed: () => void): void {
  const name = button.dataset["position"] ?? "";
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.removeAttribute("aria-busy");
      write(form, name, coords.latitude.toFixed(DECIMALS), coords.longitude.toFixed(DECIMALS));
      tell(button, say(words, "located", { metres: Math.round(coords.accuracy) }));
      changed();
    },
    () => {
      button.removeAttribute("aria-busy");
      tell(button, say(words, "notLocated"));
    },
    { timeout: 20_000, enableHighAccuracy: true },
  );
}

function write(form: HTMLFormElement, name: string, latitude: string, longitude: string): void {
  const path = form.querySelector<HTMLTextAreaElement>(`textarea[name="${name}"]`);
  if (path) {
    path.value = `${path.value.trim()}\n${latitude}, ${longitude}`.trim();
    return;
  }
  for (const [part, value] of [["latitude", latitude], ["longitude", longitude]]) {
    const input = form.querySelector<HTMLInputElement>(`input[name="${name}-${part}"]`);
    if (input && value) input.value = value;
  }
}

function tell(button: HTMLElement, text: string): void {
  const line = button.parentElement?.querySelector("[role=status]") ?? document.createElement("span");
  line.setAttribute("role", "status");
  line.className = "quiet small";
  line.textContent = text;
  if (!line.parentElement) button.after(" ", line);
}
