// The entries of this browser, in IndexedDB: written for good before anything is said to be kept.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Entry } from "./types";

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
}

const CHANNEL = "parvis-collectes";
let opened: Promise<IDBPDatabase<Schema>> | null = null;
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
const listeners = new Set<() => void>();
channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>("parvis-collectes", 1, {
    upgrade: (base) => void base.createObjectStore("entries", { keyPath: "uuid" }),
    terminated: () => (opened = null),
  }).catch((error: unknown) => {
    opened = null; // asked again next time: a browser that had no room may have some
    throw error;
  });
  return opened;
}

/** Called when an entry changed, here or in another tab. */
export function whenChanged(listener: () => void): void {
  listeners.add(listener);
}

function tell(): void {
  channel?.postMessage("");
  listeners.forEach((listener) => listener());
}

/** Every entry, the oldest first. */
export async function entries(): Promise<Entry[]> {
  const rows = await (await database()).getAll("entries");
  return rows.sort((one, other) => one.created - other.created);
}

export async function entry(uuid: string): Promise<Entry | undefined> {
  return (await database()).get("entries", uuid);
}

/** Keep an entry; the promise is fulfilled once it is on the disk. */
export async function put(row: Entry): Promise<void> {
  const change = (await database()).transaction("entries", "readwrite", { durability: "strict" });
  await Promise.all([change.store.put(row), change.done]);
  tell();
}

/** Change what is kept of an entry as it is at this moment, or nothing when `change` gives null or it is gone; the row as it is now. */
export async function update(uuid: string, change: (row: Entry) => Entry | null): Promise<Entry | undefined> {
  const transaction = (await database()).transaction("entries", "readwrite", { durability: "strict" });
  const before = await transaction.store.get(uuid);
  const after = before ? change(before) : null;
  if (after) await transaction.store.put(after);
  await transaction.done;
  if (after) tell();
  return after ?? before;
}

export async function remove(uuid: string): Promise<void> {
  await (await database()).delete("entries", uuid);
  tell();
}
