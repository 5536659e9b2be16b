// The list of what is on screen: the same things as on the map, for those who read rather than look.
import { element } from "./element";
import type { Writer } from "./writing";

const LONGEST = 60;

/** A thing in view, or a group of `n` of them. */
export interface Entry {
  key: string;
  n: number;
  title: string;
  second: string;
  /** From the place that was chosen; 0 when none was. */
  metres: number;
  mark(): HTMLElement;
  choose(from: HTMLElement): void;
  /** Show on the map which one it is, or no more. */
  point?(on: boolean): void;
}

export class ScreenList {
  private shown = "";

  constructor(
    private readonly count: HTMLElement,
    private readonly rows: HTMLElement,
    private readonly writer: Writer,
  ) {}

  /** Show what is in view, the nearest first, then by name; `stamp` changes when the same things look otherwise. */
  update(entries: Entry[], stamp: string): void {
    const single = entries.filter((one) => !one.n);
    const groups = entries.filter((one) => one.n).sort((one, two) => two.n - one.n);
    const gathered = groups.reduce((sum, one) => sum + one.n, 0);
    this.count.textContent = this.sentence(single.length + gathered, gathered, single.length);
    const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
    const lines = single
      .sort((one, two) => one.metres - two.metres || compare(one.title, two.title) || compare(one.key, two.key))
      .slice(0, LONGEST);
    const listed = [...lines, ...groups.slice(0, LONGEST - lines.length)];
    const key = [stamp, ...listed.map((one) => [one.key, one.n, one.title, one.second].join())].join("|");
    if (key === this.shown) return;
    this.shown = key;
    const focused = this.rows.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["key"] : undefined;
    this.rows.replaceChildren(...listed.map((one) => this.line(one)));
    if (focused) this.buttonOf(focused)?.focus();
  }

  /** The button of a thing in view, drawn again meanwhile or not. */
  buttonOf(key: string): HTMLElement | null {
    return this.rows.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  }

  private sentence(total: number, gathered: number, listed: number): string {
    if (total === 0) return this.writer.say("noneInView");
    const parts = [total === 1 ? this.writer.say("oneInView") : this.writer.say("inView", { n: this.writer.number(total) })];
    if (gathered) parts.push(this.writer.say("gathered"));
    if (listed > LONGEST) parts.push(this.writer.say("firstShown", { n: this.writer.number(LONGEST) }));
    return parts.map((part) => part.replace(/\.$/, "")).join(". ");
  }

  private line(one: Entry): HTMLElement {
    const line = document.createElement("li");
    const button = line.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset["key"] = one.key;
    button.append(one.mark());
    const text = button.appendChild(document.createElement("span"));
    text.append(element("strong", one.n ? this.writer.say("group", { n: this.writer.number(one.n) }) : one.title));
    if (one.second) text.append(element("span", one.second));
    if (one.point) {
      for (const event of ["mouseenter", "focus"]) button.addEventListener(event, () => one.point?.(true));
      for (const event of ["mouseleave", "blur"]) button.addEventListener(event, () => one.point?.(false));
    }
    button.addEventListener("click", () => one.choose(button));
    return line;
  }
}
