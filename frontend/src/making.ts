// Forms that compose something: a change of a field shows the new result at once and keeps the focus where it was. Without this
// script the form's button does the same.
//
// <form data-maker="chart" data-maker-result="graphique">: the second is the id of the result. Inside the form,
// [data-maker-fields] are the fields that follow from the others, and [data-maker-keep] a link that keeps what they say; beside
// it, [data-maker-status] tells the result and [data-maker-told] what is wrong. A GET form keeps the address in step, so that it
// can be shared; a POST form, that of the back office, asks for the same page without keeping anything.

import { queryOf } from "./forms";

const WAIT = 300;
const FIELDS = "[data-maker-fields]";
const SENTENCE = "[data-chart-sentence], [data-atlas-part=sentence], .message .title";

/** Enhance the page's makers of a kind; `enhance` is called with the new content each time it was replaced. */
export function enhanceMaker(kind: string, enhance: (root: ParentNode) => void): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(`form[data-maker="${kind}"]`)) follow(form, enhance);
}

function follow(form: HTMLFormElement, enhance: (root: ParentNode) => void): void {
  const result = form.dataset.makerResult ?? "";
  let timer = 0;
  let asked: AbortController | undefined;
  const ask = async (): Promise<void> => {
    asked?.abort();
    const { signal } = (asked = new AbortController());
    const query = queryOf(form);
    document.getElementById(result)?.setAttribute("aria-busy", "true");
    try {
      const answer = await request(form, query, signal);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById(result);
      if (!next) throw new Error(result);
      document.getElementById(result)?.replaceWith(next);
      replaceAlike(document, page, "[data-maker-told]");
      // What is being typed is worth more than the fields that follow from the last choice: these come with the next one.
      if (queryOf(form) === query) replaceFields(form, page);
      const keep = form.querySelector("[data-maker-keep]");
      const kept = page.querySelector("[data-maker-keep]");
      if (keep && kept) keep.setAttribute("href", kept.getAttribute("href") ?? "");
      if (form.method === "get") history.replaceState(null, "", addressOf(form, query));
      enhance(next.parentElement ?? document);
      const status = document.querySelector("[data-maker-status]");
      if (status) status.textContent = next.querySelector(SENTENCE)?.textContent ?? "";
    } catch {
      if (signal.aborted) return; // another was asked, which is on its way
      document.getElementById(result)?.removeAttribute("aria-busy"); // the button still works
    }
  };
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(), WAIT);
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    const button = event.submitter;
    if (button?.hasAttribute("formaction") || button?.hasAttribute("name")) return; // it does more than show
    event.preventDefault();
    void ask();
  });
}

function request(form: HTMLFormElement, query: string, signal: AbortSignal): Promise<Response> {
  if (form.method === "get") return fetch(addressOf(form, query), { signal });
  return fetch(form.action, { method: "POST", body: new FormData(form), signal });
}

function addressOf(form: HTMLFormElement, query: string): URL {
  const url = new URL(form.action, document.baseURI);
  url.search = query;
  return url;
}

function replaceAlike(root: ParentNode, page: Document, selector: string): void {
  const next = page.querySelector(selector);
  if (next) root.querySelector(selector)?.replaceWith(next);
}

/** Other choices ask for other fields; what was open stays open, the focus stays where it was. */
function replaceFields(form: HTMLFormElement, page: Document): void {
  const former = form.querySelector<HTMLElement>(FIELDS);
  const next = page.querySelector<HTMLElement>(FIELDS);
  if (!former || !next) return;
  const focused = document.activeElement;
  const open = [...former.querySelectorAll("details")].map((one) => one.open);
  for (const [number, one] of next.querySelectorAll("details").entries()) one.open = open[number] ?? one.open;
  const again = focused instanceof HTMLElement && former.contains(focused) ? alike(focused, former, next) : undefined;
  former.replaceWith(next);
  again?.focus({ preventScroll: true });
  if (again instanceof HTMLInputElement && focused instanceof HTMLInputElement && focused.selectionStart !== null) {
    again.setSelectionRange(focused.selectionStart, focused.selectionEnd);
  }
}

/** The element of the new fields that stands for one of the former: by its id, else by its name and rank. */
function alike(one: HTMLElement, former: HTMLElement, next: HTMLElement): HTMLElement | undefined {
  const name = one.getAttribute("name");
  const selector = one.id ? `#${CSS.escape(one.id)}` : one.tagName + (name ? `[name="${CSS.escape(name)}"]` : "");
  const rank = [...former.querySelectorAll(selector)].indexOf(one);
  return next.querySelectorAll<HTMLElement>(selector)[rank];
}
