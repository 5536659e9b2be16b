// The home of a portal that is being filled: what it tells is read again now and then, in place, so that nobody loses where they
// are. Once the portal is filled, its home is loaded. Without scripts the page reloads.
//
// <div data-filling="3">: the part that is read again, and every how many seconds.

const part = document.querySelector<HTMLElement>("[data-filling]");

if (part) window.setTimeout(readAgain, 1000 * Number(part.dataset.filling), part);

async function readAgain(part: HTMLElement): Promise<void> {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-filling]");
    if (answer.ok && !fresh) return location.reload();
    if (fresh && !part.contains(document.activeElement)) part.replaceChildren(...fresh.childNodes);
  } catch {
    // The portal does not answer now: asked again.
  }
  window.setTimeout(readAgain, 1000 * Number(part.dataset.filling), part);
}
