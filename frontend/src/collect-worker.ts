// Keeps the forms that were opened once, and what they are made of, for when there is no network. It answers for the addresses of
// forms alone (its scope), sends nothing and keeps no answer: entries are the page's own care.
/// <reference lib="webworker" />
const worker = self as unknown as ServiceWorkerGlobalScope;

const PAGES = "parvis-collectes-pages";
const FILES = "parvis-collectes-fichiers";
const MOST_PAGES = 30;
const MOST_FILES = 300;
const PATIENCE = 8_000;
const scope = new URL(worker.registration.scope).pathname;

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (isForm(address)) event.respondWith(page(request));
  } else if (isFile(request)) event.respondWith(file(request));
});

worker.addEventListener("message", (event) => {
  const { page: address, files = [] } = (event.data ?? {}) as { page?: string; files?: string[] };
  event.waitUntil(keepAll(address, files).then(() => event.ports[0]?.postMessage("kept")));
});

/** `/collectes/`, `/collectes/…/` and `/collectes/…/invitation/…/`: the list, and what a form is at. */
function isForm(address: URL): boolean {
  if (!address.pathname.startsWith(scope)) return false;
  return /^(?:[-\w]+\/(?:invitation\/[-\w]+\/)?)?$/.test(address.pathname.slice(scope.length));
}

function isFile(request: Request): boolean {
  return ["script", "style", "font", "worker", "image"].includes(request.destination) && !new URL(request.url).pathname.startsWith(scope);
}

/** From the network, else from what was kept; a page that is no longer there is forgotten. */
async function page(request: Request): Promise<Response> {
  const cache = await caches.open(PAGES);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected) await kept(cache, request.url, answer.clone(), MOST_PAGES);
    else if (answer.status === 404 || answer.status === 410) await cache.delete(request.url, { ignoreSearch: true });
    if (answer.status < 500) return answer;
    return (await cache.match(request.url, { ignoreSearch: true })) ?? answer;
  } catch (error) {
    const former = await cache.match(request.url, { ignoreSearch: true });
    if (former) return former;
    throw error;
  }
}

/** Names of files change with their contents: what was kept is right. What has no such name is asked again when it can be. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(FILES);
  const former = await cache.match(request);
  if (former && request.url.includes("/dist/assets/")) return former;
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept(cache, request.url, answer.clone(), MOST_FILES);
    return answer;
  } catch (error) {
    if (former) return former;
    throw error;
  }
}

async function kept(cache: Cache, address: string, answer: Response, most: number): Promise<void> {
  try {
    await cache.put(address.split("#")[0] ?? address, answer);
    const keys = await cache.keys();
    for (const key of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(key);
  } catch {
    // No room left: the page goes on, without being kept.
  }
}

/** What the first page loaded before this worker was there. */
async function keepAll(address: string | undefined, files: string[]): Promise<void> {
  const [pages, own] = [await caches.open(PAGES), await caches.open(FILES)];
  if (address && isForm(new URL(address))) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
    if (answer?.ok && !answer.redirected) await kept(pages, address, answer, MOST_PAGES);
  }
  for (const name of files.slice(0, MOST_FILES)) {
    const url = new URL(name);
    const isOwn = url.origin === worker.location.origin && !url.pathname.startsWith(scope) && /\.(?:js|css|woff2|svg)$/.test(url.pathname);
    if (!isOwn || (await own.match(name))) continue;
    const answer = await fetch(name).catch(() => null);
    if (answer?.ok) await kept(own, name, answer, MOST_FILES);
  }
}
