// What is said over a map: a word beside what is pointed at, a card on demand.
import { type LngLatLike, type Map as MapLibre, Popup } from "maplibre-gl";
import { element } from "./element";
import { OFFSET, giveRoom } from "./room";
import type { Writer } from "./writing";

/** Pixels that the pointer may go on the same thing before the word follows it: it can be reached meanwhile. */
const NEAR = 48;
/** Milliseconds that the word stays once nothing is pointed at: the time to come to it. */
const GRACE = 250;

export class Cards {
  private readonly tip = new Popup({ closeButton: false, closeOnClick: false, focusAfterOpen: false, className: "map-tip", offset: OFFSET });
  private readonly card = new Popup({ closeButton: true, maxWidth: "20rem", className: "map-card", offset: OFFSET, focusAfterOpen: false });
  private readonly spoken = document.createElement("p");
  private shown = "";
  private dismissed = "";
  private timer = 0;

  constructor(
    private readonly map: MapLibre,
    protected readonly writer: Writer,
  ) {
    this.spoken.className = "visually-hidden";
    this.spoken.setAttribute("role", "status");
    map.getContainer().append(this.spoken);
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.card.remove();
    });
    // Whatever has the focus, Escape takes the word away, until something else is pointed at.
    const over = new AbortController();
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.dismiss(), { signal: over.signal });
    map.on("remove", () => over.abort());
  }

  /** The first two lines, beside what is pointed at; `isSpoken` for readers who point without a pointer. */
  hover(place: LngLatLike, lines: string[], isSpoken = false): void {
    clearTimeout(this.timer);
    const text = lines.slice(0, 2).join("\n");
    if (text === this.dismissed) return;
    this.dismissed = "";
    const same = text === this.shown && this.tip.isOpen();
    if (same && this.isNear(place)) return;
    this.tip.setLngLat(place);
    if (same) return;
    const box = document.createElement("div");
    box.append(element("strong", lines[0] ?? ""));
    if (lines[1]) box.append(element("span", lines[1]));
    box.addEventListener("mouseenter", () => clearTimeout(this.timer));
    box.addEventListener("mouseleave", () => this.leave());
    this.tip.setDOMContent(box).addTo(this.map);
    this.shown = text;
    if (isSpoken) this.spoken.textContent = lines.slice(0, 2).join(", ");
  }

  /** Nothing is pointed at any more. */
  leave(): void {
    clearTimeout(this.timer);
    this.dismissed = "";
    this.timer = window.setTimeout(() => this.withdraw(), GRACE);
  }

  close(): void {
    this.withdraw();
    this.card.remove();
  }

  say(place: LngLatLike, text: string): void {
    this.show(place, element("p", text), () => undefined);
  }

  private withdraw(): void {
    clearTimeout(this.timer);
    this.dismissed = "";
    this.tip.remove();
  }

  private dismiss(): void {
    if (!this.tip.isOpen()) return;
    this.withdraw();
    this.dismissed = this.shown;
  }

  private isNear(place: LngLatLike): boolean {
    return this.map.project(this.tip.getLngLat()).dist(this.map.project(place)) < NEAR;
  }

  /** A card; the focus comes in, and `closed` is told when it must go back. */
  protected show(place: LngLatLike, box: HTMLElement, closed: () => void): void {
    this.close();
    box.tabIndex = -1;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", box.firstElementChild?.textContent ?? box.textContent ?? "");
    this.card.setLngLat(place).setDOMContent(box).addTo(this.map);
    this.card.once("close", closed);
    giveRoom(this.map, this.card, place);
    // The browser tells a little later that a part was unfolded: the card may be gone by then, or tell of another place.
    box.querySelector("details")?.addEventListener("toggle", () => box.isConnected && giveRoom(this.map, this.card, place));
    this.focus(box);
  }

  protected focus(box: HTMLElement): void {
    box.focus({ preventScroll: true });
  }
}
