// What is said over a map: a word beside the pointer, a card on demand.
import { type LngLatLike, type Map as MapLibre, Popup } from "maplibre-gl";
import { element } from "./element";
import { OFFSET, giveRoom } from "./room";
import type { Writer } from "./writing";

export class Cards {
  private readonly tip = new Popup({ closeButton: false, closeOnClick: false, className: "map-tip", offset: 12 });
  private readonly card = new Popup({ closeButton: true, maxWidth: "20rem", className: "map-card", offset: OFFSET, focusAfterOpen: false });
  private shown = "";

  constructor(
    private readonly map: MapLibre,
    protected readonly writer: Writer,
  ) {
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.card.remove();
    });
  }

  /** The first two lines, beside the pointer. */
  hover(place: LngLatLike, lines: string[]): void {
    this.tip.setLngLat(place);
    const text = lines.slice(0, 2).join("\n");
    if (text === this.shown && this.tip.isOpen()) return;
    const box = document.createElement("div");
    box.append(element("strong", lines[0] ?? ""));
    if (lines[1]) box.append(element("span", lines[1]));
    this.tip.setDOMContent(box).addTo(this.map);
    this.shown = text;
  }

  leave(): void {
    this.tip.remove();
  }

  close(): void {
    this.leave();
    this.card.remove();
  }

  say(place: LngLatLike, text: string): void {
    this.show(place, element("p", text), () => undefined);
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
