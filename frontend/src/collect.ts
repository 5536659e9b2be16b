// Collection forms: questions that follow one another, and entries that no cut of the network, of the server or of the browser loses.
// Without these scripts, or where browsers lend their store to secure pages alone, the page is an ordinary form.
import { Filling } from "./collect/filling";
import { EntryList } from "./collect/list";
import { sendAll } from "./collect/sending";
import { entry } from "./collect/store";
import { type Settings, type Words, read } from "./collect/types";

const root = document.querySelector<HTMLElement>("[data-collecte-entrees]");
const words = read<Words>("collecte-mots");
if (root && words && window.isSecureContext && "indexedDB" in window && "locks" in navigator) void start(root, words);

async function start(place: HTMLElement, texts: Words): Promise<void> {
  const form = document.querySelector<HTMLFormElement>("form[data-collecte]");
  const settings = read<Settings>("collecte-reglages");
  let filling: Filling | null = null;
  const list: EntryList = new EntryList(
    place,
    texts,
    () => filling?.current ?? "",
    (row) => filling?.resume(row) ?? Promise.resolve(false),
  );
  if (form && settings) {
    filling = new Filling(form, settings, texts, () => list.refresh());
    form.dataset["pret"] = "1";
    const uuid = new URLSearchParams(window.location.hash.slice(1)).get("entree");
    const row = uuid ? await entry(uuid).catch(() => undefined) : undefined;
    if (row) await filling.resume(row);
    void keepOffline(settings.worker);
  }
  list.refresh();
  window.addEventListener("online", () => void sendAll());
  document.addEventListener("visibilitychange", () => void (!document.hidden && sendAll()));
  await sendAll().catch(() => undefined);
}

/** Have the page open without a network, once it was opened with one. */
async function keepOffline(address: string): Promise<void> {
  if (!address || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(address);
    const { active } = await navigator.serviceWorker.ready;
    const files = performance.getEntriesByType("resource").map((one) => one.name);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (document.documentElement.dataset["horsLigne"] = "1");
    active?.postMessage({ page: window.location.href.split("#")[0], files }, [port2]);
  } catch {
    // A private window, a full disk: entries wait all the same while the page stays open.
  }
}
