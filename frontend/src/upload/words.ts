// The words of sending and waiting, in the page's language.

type Key =
  | "sending"
  | "left"
  | "waiting"
  | "resumed"
  | "sent"
  | "cancelled"
  | "cancel"
  | "refused"
  | "lost"
  | "seconds"
  | "minutes"
  | "search"
  | "remove"
  | "nothing"
  | "choose"
  | "choose-several"
  | "no-file"
  | "no-column"
  | "no-dataset"
  | "add-column"
  | "missing-column"
  | "no-other-dataset"
  | "insert-column"
  | "as-odsql"
  | "odsql-wins";

const written = document.getElementById("upload-words")?.textContent ?? "{}";
const words = JSON.parse(written) as Partial<Record<Key, string>> & { units?: string[] };
const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
const UNITS = words.units ?? [""];

export function say(key: Key, filling: Record<string, string> = {}): string {
  return (words[key] ?? "").replace(/\{(\w+)\}/g, (_whole, name: string) => filling[name] ?? "");
}

/** Bytes as people read them, in powers of a thousand. */
export function size(bytes: number): string {
  const rank = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1);
  return `${numbers.format(bytes / 1000 ** rank)} ${UNITS[rank]}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) return say("seconds", { n: numbers.format(Math.max(Math.ceil(seconds), 1)) });
  return say("minutes", { n: numbers.format(Math.ceil(seconds / 60)) });
}
