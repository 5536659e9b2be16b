// A place found by its address, among the references of the portal: a list to choose in, then its degrees are written.
import { type Words, say } from "./types";

interface Place {
  title: string;
  latitude: number;
  longitude: number;
}

const DECIMALS = 6;

/** Look for what was typed as an address, and list what it may be under the button; `chosen` writes the degrees. */
export async function findAddress(button: HTMLElement, address: HTMLInputElement, places: string, words: Words, chosen: (latitude: string, longitude: string) => void): Promise<void> {
  const place = resultsOf(button);
  if (!address.value.trim()) return address.focus();
  button.setAttribute("aria-busy", "true");
  const rows = await asked(`${places}?${new URLSearchParams({ q: address.value })}`);
  button.removeAttribute("aria-busy");
  if (!rows?.length) return place.replaceChildren(line(say(words, rows ? "noPlace" : "noSearch")));
  const list = document.createElement("ul");
  list.className = "plain-list";
  for (const row of rows) {
    const choice = document.createElement("button");
    choice.type = "button";
    choice.className = "link-button";
    choice.textContent = row.title;
    choice.addEventListener("click", () => {
      address.value = row.title;
      chosen(row.latitude.toFixed(DECIMALS), row.longitude.toFixed(DECIMALS));
      place.replaceChildren(line(say(words, "placed", { place: row.title })));
      address.focus();
    });
    list.appendChild(document.createElement("li")).append(choice);
  }
  place.replaceChildren(line(say(words, "places")), list);
}

function resultsOf(button: HTMLElement): HTMLElement {
  const next = button.parentElement?.nextElementSibling;
  if (next instanceof HTMLElement && next.hasAttribute("data-lieux")) return next;
  const made = document.createElement("div");
  made.dataset["lieux"] = "";
  made.setAttribute("role", "status");
  button.parentElement?.after(made);
  return made;
}

/** The places of these words; null when nobody answers. */
async function asked(url: string): Promise<Place[] | null> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || !answer.headers.get("Content-Type")?.includes("json")) return null;
  return ((await answer.json()) as { places: Place[] }).places;
}

function line(text: string): HTMLElement {
  const made = document.createElement("p");
  made.className = "quiet small";
  made.textContent = text;
  return made;
}
