// Names of territories that were too many to be told with the map: those of what is in view, asked for a hundred at a time.
import type { Field, Values } from "./types";

/** Codes asked for at once, as the server bounds them (`web/tiles/views.py`), and in all: a reader who goes over all of France. */
const AT_ONCE = 100;
const MOST = 6_000;

export class LateNames {
  private readonly fields: Field[];
  private readonly seen = new Set<string>();
  private isBusy = false;

  constructor(fields: Iterable<Field>) {
    this.fields = [...fields].filter((field) => field.namesAt);
  }

  /** Learn how the codes of these rows are called; whether something was learned, and more may be. */
  async learn(rows: () => Values[]): Promise<boolean> {
    if (this.isBusy || !this.fields.length) return false;
    this.isBusy = true;
    try {
      const answers = await Promise.all(this.fields.map((field) => this.ask(field, rows())));
      return answers.includes(true);
    } catch {
      return false; // the codes stay, as they were
    } finally {
      this.isBusy = false;
    }
  }

  private async ask(field: Field, rows: Values[]): Promise<boolean> {
    const names = (field.names ??= {});
    const codes = new Set(rows.map((values) => values[field.name]).filter((code) => typeof code === "string" && code !== "" && !(code in names)) as string[]);
    const asked = [...codes].filter((code) => !this.seen.has(`${field.name}:${code}`)).slice(0, AT_ONCE);
    if (!asked.length || this.seen.size >= MOST) return false;
    for (const code of asked) this.seen.add(`${field.name}:${code}`);
    const answer = await fetch(`${field.namesAt}?${new URLSearchParams({ codes: asked.join() })}`);
    if (!answer.ok) return false;
    Object.assign(names, await answer.json());
    return true;
  }
}
