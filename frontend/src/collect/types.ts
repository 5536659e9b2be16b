// What the page tells its scripts, and what a browser keeps of an entry.
import type { Tree } from "./conditions";
import type { MapSettings } from "./map";

export interface Settings {
  survey: string;
  title: string;
  send: string;
  token: string;
  proof: string;
  places: string;
  worker: string;
  conditions: Record<string, Tree>;
  inside: Record<string, Record<string, Tree>>;
  kinds: Record<string, string>;
  map: MapSettings | null;
}

export type Words = Record<string, string>;

export type State = "draft" | "waiting" | "sending" | "received" | "refused";

export interface Fault {
  name: string;
  text: string;
}

/** A file as it is kept: its bytes, since some browsers lose the files that they were lent. */
export interface Attachment {
  input: string;
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** What somebody filled once. Its fields and files go when the server gave a receipt, and not before. */
export interface Entry {
  uuid: string;
  survey: string;
  title: string;
  page: string;
  send: string;
  token: string;
  proof: string;
  state: State;
  fields: [string, string][];
  files: Attachment[];
  created: number;
  changed: number;
  tries: number;
  receipt?: string;
  address?: string;
  reason?: string;
  /** What the server last answered without words of its own; 0 when nobody answered. */
  status?: number;
  faults?: Fault[];
}

/** Why an entry waits or is refused: what the server said, else what its status means. */
export function reasonOf(row: Entry, words: Words): string {
  if (row.reason || row.status === undefined) return row.reason ?? "";
  if (row.state === "refused") return say(words, "heavy");
  if (row.state !== "waiting" || !navigator.onLine) return "";
  if (row.status === 0) return say(words, "unreachable");
  return say(words, row.status < 400 ? "notOurs" : "trouble", { status: row.status });
}

export function say(words: Words, key: string, values: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}

export function read<Document>(id: string): Document | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as Document) : null;
}
