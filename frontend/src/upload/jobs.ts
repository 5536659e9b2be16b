// Following work in the background: rows and time left, then the page where it goes on.
import { say } from "./words";

const SOON = 1000;
const LATER = 3000;
const HIDDEN = 10_000;
const PATIENCE = 30_000;
const SAID_EVERY = 15_000;

interface Facts {
  text?: string;
  percent?: number | null;
  over?: boolean;
  next?: string;
  figures?: Record<string, string>;
  lists?: Record<string, string[]>;
}

export function followJobs(): void {
  for (const box of document.querySelectorAll<HTMLElement>("[data-job-url]")) new Follower(box).look();
}

class Follower {
  private readonly bar: HTMLProgressElement | null;
  private readonly text: HTMLElement | null;
  private readonly shown = document.createElement("p");
  private readonly begun = performance.now();
  private saidAt = performance.now();

  constructor(private readonly box: HTMLElement) {
    this.bar = box.querySelector("progress");
    this.text = box.querySelector<HTMLElement>("[data-job-text]");
    this.shown.setAttribute("aria-hidden", "true");
    this.shown.textContent = this.text?.textContent ?? "";
    if (!this.text) return;
    this.text.after(this.shown);
    Object.assign(this.text.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
  }

  look(): void {
    fetch(this.box.dataset["jobUrl"] ?? "", { headers: { Accept: "application/json" } })
      .then(async (answer) => {
        if (answer.status === 404) return;
        if (!answer.ok) throw new Error(String(answer.status));
        this.show((await answer.json()) as Facts);
      })
      .catch(() => {
        this.shown.textContent = say("lost");
        this.again(LATER);
      });
  }

  private show(facts: Facts): void {
    if (this.bar && typeof facts.percent === "number") this.bar.value = facts.percent;
    if (facts.text) this.write(facts.text, Boolean(facts.over));
    for (const [name, value] of Object.entries(facts.figures ?? {}))
      for (const place of document.querySelectorAll(`[data-job-figure="${name}"]`)) place.textContent = value;
    for (const [name, lines] of Object.entries(facts.lists ?? {})) this.list(name, lines);
    if (!facts.over) {
      this.again(document.hidden ? HIDDEN : performance.now() - this.begun < PATIENCE ? SOON : LATER);
    } else if (this.box.dataset["jobNext"]) {
      location.assign(facts.next ?? this.box.dataset["jobNext"]);
    }
  }

  /** Lines as texts; their section is seen once there is one. */
  private list(name: string, lines: string[]): void {
    const place = document.querySelector<HTMLElement>(`[data-job-list="${name}"]`);
    if (!place || lines.join("\n") === [...place.children].map((line) => line.textContent).join("\n")) return;
    place.replaceChildren(
      ...lines.map((line) => {
        const item = document.createElement("li");
        item.className = "bo-breakable";
        item.textContent = line;
        return item;
      }),
    );
    const section = place.closest("section");
    if (section) section.hidden = !lines.length;
  }

  /** Always shown; read aloud seldom, and at the end. */
  private write(text: string, now: boolean): void {
    this.shown.textContent = text;
    if (!this.text || (!now && performance.now() - this.saidAt < SAID_EVERY)) return;
    this.saidAt = performance.now();
    this.text.textContent = text;
  }

  private again(delay: number): void {
    setTimeout(() => this.look(), delay);
  }
}
