// The map maker: `form[data-atlas-maker]` is a plain GET form. Here a change of a field shows the new map at once, keeps the
// address in step (so that it can be shared) and the focus where it was.

const WAIT = 300;
const MAP = "carte";
const FIELDS = "[data-atlas-fields]";

/** Enhance the page's maker; `enhance` is called with the new content each time it was replaced. */
export function enhanceMaker(enhance: (root: ParentNode) => void): void {
  const form = document.querySelector<HTMLFormElement>("form[data-atlas-maker]");
  if (!form) return;
  let timer = 0;
  let asked: AbortController | undefined;
  const ask = async (): Promise<void> => {
    asked?.abort();
    asked = new AbortController();
    const query = queryOf(form);
    const url = new URL(form.action, document.baseURI);
    url.search = query;
    document.getElementById(MAP)?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById(MAP);
      if (!next) throw new Error(MAP);
      document.getElementById(MAP)?.replaceWith(next);
      // What is being typed is worth more than the fields that follow from the last choice: these come with the next one.
      if (queryOf(form) === query) replaceFields(form, page);
      const keep = form.querySelector("[data-atlas-keep]");
      const kept = page.querySelector("[data-atlas-keep]");
      if (keep && kept) keep.setAttribute("href", kept.getAttribute("href") ?? "");
      history.replaceState(null, "", url);
      enhance(next.parentElement ?? document);
      const status = document.getElementById("etat-de-la-carte");
      if (status) status.textContent = next.querySelector("[data-atlas-part=sentence], .message .title")?.textContent ?? "";
    } catch {
      document.getElementById(MAP)?.removeAttribute("aria-busy"); // the button still works
    }
  };
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), WAIT);
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // another button, another page
    event.preventDefault();
    clearTimeout(timer);
    void ask();
  });
}

/** The fields that say something, as an address bears them. */
function queryOf(form: HTMLFormElement): string {
  const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
  return new URLSearchParams(pairs as [string, string][]).toString();
}

/** Other choices ask for other fields; what was open stays open, the focus stays where it was. */
function replaceFields(form: HTMLFormElement, page: Document): void {
  const former = form.querySelector<HTMLElement>(FIELDS);
  const next = page.querySelector<HTMLElement>(FIELDS);
  if (!former || !next) return;
  const focused = former.contains(document.activeElement) ? document.activeElement : null;
  const rank = focused?.tagName === "SUMMARY" ? [...former.querySelectorAll("summary")].indexOf(focused as HTMLElement) : -1;
  const open = [...former.querySelectorAll("details")].map((one) => one.open);
  for (const [number, one] of next.querySelectorAll("details").entries()) one.open = open[number] ?? one.open;
  former.replaceWith(next);
  if (!focused) return;
  const again = focused.id ? document.getElementById(focused.id) : next.querySelectorAll("summary")[rank];
  again?.focus({ preventScroll: true });
}
