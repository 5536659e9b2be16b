// Rectangles drawn on the picture of a page, in the back office: dragging fills the four fields, and the fields show the rectangle.
//
// <div data-boxes>: `[data-boxes-canvas]` holds the picture and an SVG over it; `[data-box-side]` are left, top, right, bottom in percents.

const SVG = "http://www.w3.org/2000/svg";
/** Of the picture: what is dragged less than that, in either way, is a press and no rectangle. */
const LEAST = 1;

type Point = { x: number; y: number };

function prepare(root: HTMLElement): void {
  const canvas = root.querySelector<HTMLElement>("[data-boxes-canvas]");
  const layer = canvas?.querySelector("svg");
  const fields = [...root.querySelectorAll<HTMLInputElement>("[data-box-side]")];
  if (canvas && layer && fields.length === 4) new Pen(canvas, layer, fields).start();
  const hint = root.querySelector<HTMLElement>("[data-boxes-hint]");
  if (hint) hint.hidden = false;
}

class Pen {
  private readonly shape = document.createElementNS(SVG, "rect");
  private origin: Point | null = null;
  private before: string[] = [];

  constructor(
    private readonly canvas: HTMLElement,
    private readonly layer: SVGElement,
    private readonly fields: HTMLInputElement[],
  ) {
    this.shape.setAttribute("class", "is-drawn");
  }

  start(): void {
    this.canvas.classList.add("is-alive");
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    this.canvas.addEventListener("pointerup", (event) => this.end(event));
    this.canvas.addEventListener("pointercancel", () => this.give());
    // The browser would drag the picture itself.
    this.canvas.addEventListener("dragstart", (event) => event.preventDefault());
    this.canvas.ownerDocument.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.give();
    });
    for (const field of this.fields) field.addEventListener("input", () => this.show());
    this.show();
  }

  private begin(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.origin = this.pointOf(event);
    this.before = this.fields.map((field) => field.value);
  }

  private draw(event: PointerEvent): void {
    if (!this.origin || !event.isPrimary) return;
    const { x, y } = this.pointOf(event);
    const sides = [Math.min(x, this.origin.x), Math.min(y, this.origin.y), Math.max(x, this.origin.x), Math.max(y, this.origin.y)];
    for (const [rank, field] of this.fields.entries()) field.value = (sides[rank] ?? 0).toFixed(2);
    this.show();
  }

  private end(event: PointerEvent): void {
    if (!this.origin || !event.isPrimary) return;
    const { x, y } = this.pointOf(event);
    if (Math.abs(x - this.origin.x) < LEAST || Math.abs(y - this.origin.y) < LEAST) this.give();
    this.origin = null;
  }

  /** What was there before the pointer went down. */
  private give(): void {
    if (!this.origin) return;
    this.origin = null;
    for (const [rank, field] of this.fields.entries()) field.value = this.before[rank] ?? "";
    this.show();
  }

  /** Where the pointer is, in percents of the picture; at its edge when it went beyond. */
  private pointOf(event: PointerEvent): Point {
    const frame = this.layer.getBoundingClientRect();
    const within = (value: number): number => Math.min(100, Math.max(0, value));
    return {
      x: within((100 * (event.clientX - frame.left)) / frame.width),
      y: within((100 * (event.clientY - frame.top)) / frame.height),
    };
  }

  private show(): void {
    const [left, top, right, bottom] = this.fields.map((field) => (field.value === "" ? NaN : Number(field.value)));
    const isDrawn = left !== undefined && top !== undefined && right !== undefined && bottom !== undefined && right > left && bottom > top;
    if (!isDrawn) {
      this.shape.remove();
      return;
    }
    const sides = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [name, value] of Object.entries(sides)) this.shape.setAttribute(name, `${value}%`);
    this.layer.append(this.shape);
  }
}

for (const root of document.querySelectorAll<HTMLElement>("[data-boxes]")) prepare(root);
