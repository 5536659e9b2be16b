// Where to look: a place searched by its name, or where one is. Nothing is sent but the words that were typed.
import { element } from "../map/element";
import type { Writer } from "../map/writing";
import type { Place } from "./types";

interface FoundPlace {
  text: string;
  kind: string;
  centre: Place;
  zoom: number;
}

const NEAR = 15;

export class Search {
  private readonly field: HTMLInputElement | null;
  private asked = 0;

  constructor(
    form: HTMLFormElement,
    private readonly found: HTMLElement,
    private readonly places: string,
    private readonly writer: Writer,
    private readonly choose: (place: Place, zoom: number, text: string, isKept: boolean) => void,
    private readonly signal: AbortSignal,
  ) {
    this.field = form.querySelector("input[type=search]");
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        void this.search();
      },
      { signal },
    );
    const around = form.querySelector<HTMLButtonElement>("[data-atlas-around]");
    if (around && navigator.geolocation) {
      around.disabled = false;
      around.addEventListener("click", () => this.locate(around), { signal });
    } else around?.remove();
  }

  private async search(): Promise<void> {
    const words = this.field?.value.trim() ?? "";
    if (!words) return;
    const asked = ++this.asked;
    const isLate = (): boolean => asked !== this.asked || this.signal.aborted;
    const url = new URL(this.places, document.baseURI);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const places = (await answer.json()) as FoundPlace[];
      if (!isLate()) this.list(places);
    } catch {
      if (!isLate()) this.say(this.writer.say("searchFailed"));
    }
  }

  private list(places: FoundPlace[]): void {
    if (!places.length) return this.say(this.writer.say("noPlace"));
    const [only] = places;
    if (only && places.length === 1) return this.take(only);
    const rows = document.createElement("ul");
    rows.className = "atlas-found";
    for (const place of places) {
      const line = rows.appendChild(document.createElement("li"));
      const button = line.appendChild(element("button", place.text)) as HTMLButtonElement;
      button.type = "button";
      button.className = "atlas-found-place";
      line.append(" ", Object.assign(element("span", place.kind), { className: "quiet small" }));
      button.addEventListener("click", () => this.take(place));
    }
    this.found.replaceChildren(element("p", this.writer.say("found")), rows);
  }

  private take(place: FoundPlace): void {
    if (this.found.contains(document.activeElement)) this.field?.focus({ preventScroll: true });
    this.say(this.writer.say("chosen", { place: place.text }));
    this.choose(place.centre, place.zoom, place.text, true);
  }

  private locate(button: HTMLButtonElement): void {
    button.setAttribute("aria-busy", "true");
    this.say(this.writer.say("aroundWhy"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.removeAttribute("aria-busy");
        if (this.signal.aborted) return;
        this.choose([coords.longitude, coords.latitude], NEAR, this.writer.say("me"), false);
      },
      (error) => {
        button.removeAttribute("aria-busy");
        this.say(this.writer.say(error.code === error.PERMISSION_DENIED ? "aroundRefused" : "aroundFailed"));
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  }

  private say(text: string): void {
    this.found.replaceChildren(element("p", text));
  }
}
