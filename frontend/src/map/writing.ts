// Values and sentences in the page's language.
import type { Field, Settings } from "./types";

export class Writer {
  private readonly numbers: Intl.NumberFormat;
  private readonly days: Intl.DateTimeFormat;
  private readonly instants: Intl.DateTimeFormat;

  constructor(private readonly settings: Settings) {
    const language = settings.language;
    this.numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
    this.days = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
    this.instants = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Paris" });
  }

  /** A sentence, with its `{name}` filled. */
  say(key: string, filling: Record<string, string> = {}): string {
    const text = this.settings.words[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => filling[name] ?? whole);
  }

  number(value: number): string {
    return this.numbers.format(value);
  }

  quantity(value: number, unit: string): string {
    return unit ? `${this.number(value)}\u00a0${unit}` : this.number(value);
  }

  /** A value of a field, ready to be read. */
  value(field: Field, value: unknown): string {
    if (value === undefined || value === null || value === "") return this.say("empty");
    const text = String(value);
    const called = field.names?.[text];
    if (called) return called;
    if (typeof value === "number") return isYear(field, value) ? String(value) : this.quantity(value, field.unit);
    if (typeof value === "boolean") return this.say(text);
    if (field.type === "date") return this.moment(this.days, text);
    if (field.type === "datetime") return this.moment(this.instants, text);
    return text;
  }

  private moment(format: Intl.DateTimeFormat, text: string): string {
    const instant = new Date(text);
    return Number.isNaN(instant.getTime()) ? text : format.format(instant);
  }
}

function isYear(field: Field, value: number): boolean {
  return field.years && Number.isInteger(value) && value >= 1500 && value < 2200;
}
