// The territory's stones: the name and the figure of the one pointed at, by pointer, finger or keyboard. The whole drawing is one
// stop of the keyboard, in which arrows go from a commune to the nearest one that way. Without this script each stone is a link
// with its own words.
import { element } from "./map/element";

const GRACE = 250;
const GAP = 10;

export function enhancePaving(): void {
  for (const figure of document.querySelectorAll<HTMLElement>("[data-paving]")) new Stones(figure).start();
}

class Stones {
  private readonly stones: SVGAElement[];
  private readonly svg: SVGSVGElement | null;
  private readonly card = document.createElement("div");
  private shown: SVGAElement | null = null;
  private touched = false;
  private timer = 0;

  constructor(private readonly figure: HTMLElement) {
    this.svg = figure.querySelector("svg");
    this.stones = [...figure.querySelectorAll<SVGAElement>("a.stone")];
    this.card.className = "paving-card";
    this.card.hidden = true;
  }

  start(): void {
    if (!this.svg || !this.stones.length) return;
    this.figure.append(this.card);
    this.figure.querySelector<HTMLElement>(".skip-map")?.remove(); // one stop needs no way round it
    this.describe(this.svg);
    for (const [rank, stone] of this.stones.entries()) {
      stone.querySelector("title")?.remove(); // the browser would say it a second time, over the card
      stone.setAttribute("tabindex", rank ? "-1" : "0");
      stone.addEventListener("pointerdown", (event) => (this.touched = event.pointerType !== "mouse"));
      stone.addEventListener("pointerenter", (event) => event.pointerType === "mouse" && this.show(stone));
      stone.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.later());
      stone.addEventListener("focus", () => {
        this.reach(stone);
        if (stone.matches(":focus-visible")) this.show(stone);
      });
      stone.addEventListener("blur", (event) => !this.card.contains(event.relatedTarget as Node | null) && this.later());
      stone.addEventListener("click", (event) => this.tap(stone, event));
      stone.addEventListener("keydown", (event) => this.go(stone, event));
    }
    this.card.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.card.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.later());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.hide());
    document.addEventListener("pointerdown", (event) => !this.figure.contains(event.target as Node) && this.hide());
  }

  private describe(svg: SVGSVGElement): void {
    const words = element("p", svg.dataset["keys"] ?? "");
    words.id = "carte-touches";
    words.className = "visually-hidden";
    this.figure.append(words);
    svg.setAttribute("aria-describedby", words.id);
  }

  /** The first tap of a finger says, the second one opens; a pointer opens at once, since it has said already. */
  private tap(stone: SVGAElement, event: MouseEvent): void {
    if (!this.touched || event.detail === 0) return;
    if (this.shown === stone && this.card.querySelector("a")) return;
    event.preventDefault();
    this.show(stone, true);
  }

  /** The stone that the keyboard comes to when it comes to the drawing. */
  private reach(stone: SVGAElement): void {
    for (const one of this.stones) one.setAttribute("tabindex", one === stone ? "0" : "-1");
  }

  private go(stone: SVGAElement, event: KeyboardEvent): void {
    const way = WAYS[event.key];
    const next = event.key === "Home" ? this.stones[0] : event.key === "End" ? this.stones.at(-1) : way && this.towards(stone, way);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    next.focus();
  }

  /** The nearest stone that way: what lies aside counts twice. */
  private towards(stone: SVGAElement, [right, down]: [number, number]): SVGAElement | undefined {
    const [x, y] = placeOf(stone);
    let best: SVGAElement | undefined;
    let least = Infinity;
    for (const other of this.stones) {
      const [dx, dy] = [placeOf(other)[0] - x, placeOf(other)[1] - y];
      const ahead = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      const far = ahead + 2 * aside;
      if (other !== stone && ahead > 0 && far < least) [best, least] = [other, far];
    }
    return best;
  }

  private show(stone: SVGAElement, isTapped = false): void {
    clearTimeout(this.timer);
    this.shown?.classList.remove("shown");
    this.shown = stone;
    stone.classList.add("shown");
    const { name, figure } = stone.dataset;
    this.card.replaceChildren(element("strong", name ?? ""));
    if (figure) this.card.append(element("span", figure));
    if (isTapped) {
      const link = this.card.appendChild(element("a", this.svg?.dataset["open"] ?? "")) as HTMLAnchorElement;
      link.href = stone.href.baseVal;
    }
    this.card.hidden = false;
    this.place(stone);
  }

  /** Above the stone where there is room, else below it; inside the drawing's width. */
  private place(stone: SVGAElement): void {
    const area = this.figure.getBoundingClientRect();
    const box = stone.getBoundingClientRect();
    const { offsetWidth: wide, offsetHeight: tall } = this.card;
    const x = box.left + box.width / 2 - area.left - wide / 2;
    const above = box.top - area.top - tall - GAP;
    this.card.style.left = `${Math.max(0, Math.min(x, area.width - wide))}px`;
    this.card.style.top = `${above + area.top > 0 ? above : box.bottom - area.top + GAP}px`;
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.hide(), GRACE);
  }

  private hide(): void {
    clearTimeout(this.timer);
    this.shown?.classList.remove("shown");
    this.shown = null;
    this.card.hidden = true;
  }
}

const WAYS: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function placeOf(stone: SVGAElement): [number, number] {
  const [x, y] = (stone.dataset["place"] ?? "").split(" ").map(Number);
  return [x ?? 0, y ?? 0];
}
