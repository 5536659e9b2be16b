// Sends the entries that wait, one by one, from one tab at a time. An entry is sent until the server gives a receipt; sent twice, it
// makes one answer, since its `uuid` goes with it.
import { solved } from "../proof";
import { entries, update } from "./store";
import type { Entry, Fault } from "./types";

const LOCK = "parvis-collectes-envoi";
const PATIENCE = 180_000;
const FIRST_WAIT = 15_000;
const LONGEST_WAIT = 300_000;
const TOO_LARGE = 413;
/** The server is there and will have it later: too many at once, a restart, a proxy. */
const LATER = [408, 425, 429];
const LATER_CODES = ["visitor-limit", "survey-visitor", "request-forged"]; // tomorrow, with another proof, once cookies are taken

let timer = 0;

/** Send all that waits; the promise is fulfilled once there is nothing left to try now. */
export function sendAll(): Promise<void> {
  clearTimeout(timer);
  return navigator.locks.request(LOCK, async () => {
    const done = new Set<string>();
    for (;;) {
      // « En cours » while nobody sends: the browser was closed in the middle.
      const next = (await entries()).find((row) => (row.state === "waiting" || row.state === "sending") && !done.has(row.uuid));
      if (!next) break;
      done.add(next.uuid);
      await sendOne(next);
    }
    await plan();
  });
}

async function plan(): Promise<void> {
  const waiting = (await entries()).filter((row) => row.state === "waiting");
  if (!waiting.length) return;
  const tries = Math.min(...waiting.map((row) => row.tries));
  timer = window.setTimeout(() => void sendAll(), Math.min(FIRST_WAIT * 2 ** Math.max(0, tries - 1), LONGEST_WAIT));
}

async function sendOne(row: Entry): Promise<void> {
  const mine = await update(row.uuid, (now) => (now.state === "waiting" || now.state === "sending" ? { ...now, state: "sending" } : null));
  if (mine?.state !== "sending") return; // taken back to be changed meanwhile
  const outcome: Partial<Entry> = await attempt(mine).catch(() => ({ status: 0 }));
  await update(row.uuid, (now) => {
    if (now.state !== "sending" || now.changed !== mine.changed) return null;
    return outcome.state ? { ...now, ...outcome } : { ...now, reason: "", ...outcome, state: "waiting", tries: now.tries + 1 };
  });
}

/** What becomes of the entry; without a state, why it waits. */
async function attempt(row: Entry): Promise<Partial<Entry>> {
  const asked = await fetch(row.token, { cache: "no-store" });
  const token = await json<{ token: string }>(asked);
  if (!token) return { status: asked.status };
  const body = new FormData();
  for (const [name, value] of row.fields) body.append(name, value);
  for (const file of row.files) body.append(file.input, new File([file.bytes], file.name, { type: file.type }));
  body.set("entree", row.uuid);
  if (row.proof) body.set("preuve", await solved(row.proof));
  const answer = await fetch(row.send, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token.token },
    body,
    signal: AbortSignal.timeout(PATIENCE),
  });
  return outcomeOf(answer);
}

async function outcomeOf(answer: Response): Promise<Partial<Entry>> {
  const facts = await json<{ receipt?: string; address?: string; message?: string; hint?: string; error_code?: string; faults?: Fault[] }>(answer);
  if (answer.status === 201 && facts?.receipt) {
    return { state: "received", receipt: facts.receipt, address: facts.address ?? "", fields: [], files: [], reason: "", faults: [] };
  }
  // Without words of ours it is not our server that speaks: a hotel's page, a proxy.
  const words = [facts?.message, facts?.hint].filter(Boolean).join(" ");
  const isOurs = Boolean(facts?.error_code) && answer.status >= 400 && answer.status < 500;
  const { status } = answer;
  if (!isOurs && status === TOO_LARGE) return { state: "refused", reason: "", faults: [], status }; // a proxy that never lets it pass
  if (!isOurs || LATER.includes(status) || LATER_CODES.includes(facts?.error_code ?? "")) return { reason: words, status };
  return { state: "refused", reason: words, faults: facts?.faults ?? [], status };
}

async function json<Document>(answer: Response): Promise<Document | null> {
  if (!answer.headers.get("Content-Type")?.includes("json")) return null;
  return (await answer.json()) as Document;
}
