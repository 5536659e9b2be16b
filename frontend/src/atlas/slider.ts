// The time of a map: a slider over the moments of its list, and a button that lets them pass.
import type { Writer } from "../map/writing";

const WAIT = 150;
const PACE = 1400;

export class Slider {
  private readonly range = document.createElement("input");
  private readonly play = document.createElement("button");
  private readonly select: HTMLSelectElement;
  private timer = 0;
  private playing = false;

  constructor(
    form: HTMLFormElement,
    private readonly writer: Writer,
    private readonly show: (moment: string) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {
    const select = form.querySelector("select");
    if (!select) throw new Error("data-atlas-time");
    this.select = select;
    form.querySelector("button[type=submit]")?.remove(); // it serves readers without JavaScript
    this.range.type = "range";
    this.range.min = "0";
    this.range.max = String(select.options.length - 1);
    this.range.step = "1";
    this.range.setAttribute("aria-label", form.querySelector("label")?.textContent ?? "");
    this.range.addEventListener("input", () => {
      this.stop();
      select.selectedIndex = Number(this.range.value);
      this.told();
      this.later();
    });
    select.addEventListener("change", () => {
      this.stop();
      this.told();
      void this.show(select.value);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    this.play.type = "button";
    this.play.className = "button plain small atlas-play";
    this.play.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
    signal.addEventListener("abort", () => this.stop());
    const line = select.parentElement ?? form;
    // Under reduced motion nothing moves by itself: the slider and the list are enough.
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches) line.prepend(this.play);
    line.append(this.range);
    this.name();
    this.told();
  }

  private told(): void {
    this.range.value = String(this.select.selectedIndex);
    this.range.setAttribute("aria-valuetext", this.select.selectedOptions[0]?.text ?? "");
  }

  private name(): void {
    this.play.textContent = this.writer.say(this.playing ? "pause" : "play");
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.show(this.select.value), WAIT);
  }

  private start(): void {
    this.playing = true;
    this.name();
    if (this.select.selectedIndex === this.select.options.length - 1) this.select.selectedIndex = this.first() - 1;
    void this.pass();
  }

  /** The first moment, after the one that stands for all. */
  private first(): number {
    return this.select.options[0]?.value === "" ? 1 : 0;
  }

  /** One moment, then the next once it is drawn and was seen, up to the last. */
  private async pass(): Promise<void> {
    const next = Math.max(this.select.selectedIndex + 1, this.first());
    if (!this.playing || this.signal.aborted || next >= this.select.options.length) return this.stop();
    this.select.selectedIndex = next;
    this.told();
    await this.show(this.select.value);
    if (this.playing) this.timer = window.setTimeout(() => void this.pass(), PACE);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.playing = false;
    this.name();
  }
}
