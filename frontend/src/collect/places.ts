// Places: where the telephone is, once the person lets the browser say it; or what is chosen on a map, loaded when it is asked for.
import { findAddress } from "./addresses";
import type { Held, MapSettings, Picker } from "./map";
import { type Words, say } from "./types";

const DECIMALS = 6;
const PAIR = /^(-?\d{1,3}(?:\.\d+)?)[\s;,]+(-?\d{1,3}(?:\.\d+)?)$/;

export function enhancePlaces(form: HTMLFormElement, words: Words, map: MapSettings | null, places: string, changed: () => void): void {
  const reveal = (): void => {
    const shown = ["[data-adresse]", navigator.geolocation ? "[data-position]" : "", map ? "[data-carte]" : ""].filter(Boolean).join(", ");
    for (const button of form.querySelectorAll<HTMLButtonElement>(shown)) button.hidden = false;
  };
  reveal();
  new MutationObserver(reveal).observe(form, { childList: true, subtree: true }); // entries of groups that are added
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-position]") : null;
    if (button) locate(form, button, words, changed);
    const opener = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-carte]") : null;
    if (opener && map) void openMap(form, opener, words, map, changed);
    const finder = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("[data-adresse]") : null;
    if (finder) find(form, finder, words, places, changed);
  });
}

/** A map under the button, and what the keyboard needs beside it; a second press puts it away. */
async function openMap(form: HTMLFormElement, button: HTMLButtonElement, words: Words, settings: MapSettings, changed: () => void): Promise<void> {
  const own = button.closest<HTMLElement>("[data-question]");
  const former = own?.querySelector(".collecte-choix");
  if (former) return former.remove();
  const name = button.dataset["carte"] ?? "";
  const label = own?.querySelector("legend, label")?.textContent?.trim() ?? "";
  const held = heldBy(form, name, label, changed);
  const place = document.createElement("div");
  place.className = "collecte-choix";
  const frame = document.createElement("div");
  frame.className = "collecte-carte";
  place.append(frame);
  button.parentElement?.after(place);
  try {
    const { Picker } = await import("./map");
    const picker = new Picker(frame, held, settings);
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = say(words, held.kind === "point" ? "mapPoint" : "mapPath");
    place.prepend(hint);
    place.append(tools(picker, held, words));
    own?.addEventListener("input", () => picker.refresh());
  } catch {
    frame.remove();
    const line = document.createElement("p");
    line.setAttribute("role", "alert");
    line.textContent = say(words, "noMap");
    place.append(line);
  }
}

function tools(picker: Picker, held: Held, words: Words): HTMLElement {
  const line = document.createElement("p");
  line.className = "collecte-actes";
  const acts: [string, () => void][] = [["mapMiddle", () => picker.takeMiddle()]];
  if (held.kind !== "point") acts.push(["mapUndo", () => picker.undo()]);
  for (const [key, act] of acts) {
    const tool = document.createElement("button");
    tool.type = "button";
    tool.className = "button plain";
    tool.textContent = say(words, key);
    tool.addEventListener("click", act);
    line.append(tool);
  }
  return line;
}

function heldBy(form: HTMLFormElement, name: string, label: string, changed: () => void): Held {
  const path = form.querySelector<HTMLTextAreaElement>(`textarea[name="${name}"]`);
  const input = (part: string): HTMLInputElement | null => form.querySelector<HTMLInputElement>(`input[name="${name}-${part}"]`);
  const decimal = (part: string): number => Number((input(part)?.value ?? "").replace(",", ".") || NaN);
  return {
    kind: path ? (path.dataset["trace"] === "area" ? "area" : "line") : "point",
    label,
    read: () => {
      if (!path) return [[decimal("longitude"), decimal("latitude")]].filter((pair) => pair.every(Number.isFinite));
      const pairs = path.value.split("\n").map((row) => PAIR.exec(row.trim()));
      return pairs.flatMap((pair) => (pair ? [[Number(pair[2]), Number(pair[1])]] : []));
    },
    write: (places) => {
      const rows = places.map(([x = 0, y = 0]) => [y.toFixed(DECIMALS), x.toFixed(DECIMALS)] as const);
      if (path) path.value = rows.map((row) => row.join(", ")).join("\n");
      else write(form, name, rows[0]?.[0] ?? "", rows[0]?.[1] ?? "");
      changed();
    },
  };
}

function find(form: HTMLFormElement, button: HTMLButtonElement, words: Words, places: string, changed: () => void): void {
  const name = button.dataset["adresse"] ?? "";
  const address = form.querySelector<HTMLInputElement>(`input[name="${name}-address"]`);
  if (!address) return;
  void findAddress(button, address, places, words, (latitude, longitude) => {
    write(form, name, latitude, longitude);
    address.dispatchEvent(new Event("input", { bubbles: true })); // a map that is open draws it, and the draft is kept
    changed();
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
