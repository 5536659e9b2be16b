// The chart maker: `form[data-chart-maker]` is a plain GET form. Here a change of a field shows the new chart at once, keeps
// the address in step (so that it can be shared) and the focus where it was.

const WAIT = 250;

/** Enhance the page's maker; `enhance` is called with the new content each time it was replaced. */
export function enhanceMaker(enhance: (root: ParentNode) => void): void {
  const form = document.querySelector<HTMLFormElement>("form[data-chart-maker]");
  if (!form) return;
  let timer = 0;
  let asked: AbortController | undefined;
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(form.action, document.baseURI);
    const pairs = [...new FormData(form)].filter(([, value]) => typeof value === "string" && value !== "");
    url.search = new URLSearchParams(pairs as [string, string][]).toString();
    const shown = document.getElementById("graphique");
    shown?.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(url, { signal: asked.signal });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      replace(page, "graphique");
      replace(page, "choix-du-type");
      history.replaceState(null, "", url);
      const now = document.getElementById("graphique");
      if (now) enhance(now);
      const status = document.getElementById("etat-du-graphique");
      if (status) status.textContent = now?.querySelector("[data-chart-sentence]")?.textContent ?? "";
    } catch {
      shown?.removeAttribute("aria-busy"); // the button still works
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

function replace(page: Document, id: string): void {
  const former = document.getElementById(id);
  const next = page.getElementById(id);
  if (!former || !next) return;
  const focused = document.activeElement instanceof HTMLElement && former.contains(document.activeElement) ? document.activeElement.id : "";
  former.replaceWith(next);
  if (focused) document.getElementById(focused)?.focus();
}
