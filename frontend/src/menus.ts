// Menus over ODSQL, in the back office: once a column, a comparison or a dataset is chosen they are asked again from the server, and
// the text beside them follows each change. Without this script the form's own buttons do the same.
//
// <div data-menu="conditions" data-menu-name="part0-where" data-menu-dataset="part0-dataset"> holds [data-menu-body]. The text is the
// field of that name, wherever it is in the form; the body's hidden « .avant » is the text that the menus show.

import "./proposed";

const ADDRESS = "/admin/menus/";
const REDRAWN = /\.(colonne|op|calcul|lien|retirer|pas)$/;
const PAUSE = 300; // milliseconds
let pause = 0;
let begun: HTMLElement | undefined;
const waiting = new Map<string, AbortController>();

document.addEventListener("change", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) return;
  const menu = field.closest<HTMLElement>("[data-menu]");
  if (menu?.querySelector("[data-menu-body]")?.contains(field)) return changed(menu, field);
  for (const other of menusOf(field)) void ask(other, true);
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const menu = button?.closest<HTMLElement>("[data-menu]");
  if (!button?.name.endsWith(".retirer") || !menu) return;
  event.preventDefault();
  void ask(menu, true, [button.name, button.value]);
});

/** What a field of the menus says now; a condition whose column is still to be chosen says nothing. */
function changed(menu: HTMLElement, field: HTMLElement & { name: string }): void {
  const column = field.closest(".query-row")?.querySelector<HTMLSelectElement>('[name$=".colonne"]');
  if (menu.dataset.menu === "conditions" && column && column !== field && !column.value) return;
  const redraw = REDRAWN.test(field.name);
  if (!redraw || field !== document.activeElement) return void ask(menu, redraw);
  // Somebody who types the first letters of a choice would lose them with the list: it is drawn again when they stop, or go on.
  begun = menu;
  clearTimeout(pause);
  pause = window.setTimeout(end, PAUSE);
}

function end(): void {
  clearTimeout(pause);
  if (begun?.isConnected) void ask(begun, true);
  begun = undefined;
}

document.addEventListener("focusout", end);

/** The menus whose text or whose dataset a field is. */
function menusOf(field: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement): HTMLElement[] {
  if (!field.name) return [];
  return [...document.querySelectorAll<HTMLElement>("[data-menu]")].filter(
    ({ dataset }) => dataset.menuName === field.name || dataset.menuDataset === field.name,
  );
}

function textOf(menu: HTMLElement): HTMLInputElement | HTMLTextAreaElement | null {
  return document.querySelector(`[name="${CSS.escape(menu.dataset.menuName ?? "")}"]`);
}

/** What a menu says, as the form would send it. */
function queryOf(menu: HTMLElement, more: [string, string] | undefined): URLSearchParams {
  const text = textOf(menu);
  const dataset = document.querySelector<HTMLSelectElement>(`[name="${CSS.escape(menu.dataset.menuDataset ?? "")}"]`);
  const { menu: kind = "", menuName: name = "", menuLines: lines = "1" } = menu.dataset;
  const query = new URLSearchParams({ genre: kind, champ: name, lignes: lines, jeu: dataset?.value ?? "", id: text?.id ?? "" });
  query.append(name, text?.value ?? "");
  for (const field of menu.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-menu-body] [name]"))
    if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) query.append(field.name, field.value);
  if (more) query.append(...more);
  return query;
}

/** Ask for the menus again; whether the server could, for all that is known. */
export async function ask(menu: HTMLElement, redraw: boolean, more?: [string, string]): Promise<boolean> {
  const name = menu.dataset.menuName ?? "";
  waiting.get(name)?.abort();
  const request = new AbortController();
  waiting.set(name, request);
  try {
    const answer = await fetch(`${ADDRESS}?${queryOf(menu, more).toString()}`, { signal: request.signal });
    if (!answer.ok) return false;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-menu-body]");
    if (next && menu.isConnected) follow(menu, next, redraw || more !== undefined);
    return next !== null;
  } catch {
    // Another was asked, or the network is away: the form reads the menus by itself.
    return request.signal.aborted;
  }
}

function follow(menu: HTMLElement, next: Element, redraw: boolean): void {
  const body = menu.querySelector("[data-menu-body]");
  const before = body?.querySelector<HTMLInputElement>('[name$=".avant"]');
  const after = next.querySelector<HTMLInputElement>('[name$=".avant"]');
  const text = textOf(menu);
  if (!body || !before || !after || !text) return;
  const changed = text.value !== after.value;
  before.value = after.value;
  text.value = after.value;
  if (redraw || next.querySelector(".bo-error") || body.querySelector(".bo-error")) redrawn(body, next);
  // What listens to the field (a preview, an autosave) hears of it; ours does not ask again.
  if (changed) text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** The new menus in the place of the former, the focus where it was, what is being typed kept. */
function redrawn(body: Element, next: Element): void {
  const fields = (root: Element) => [...root.querySelectorAll<HTMLElement>("select, input:not([type=hidden]), button, summary")];
  const key = (field: HTMLElement) => field.getAttribute("name") ?? field.tagName;
  const focused = document.activeElement instanceof HTMLElement && body.contains(document.activeElement) ? document.activeElement : null;
  const rank = focused ? fields(body).filter((field) => key(field) === key(focused)).indexOf(focused) : -1;
  body.replaceWith(next);
  if (!focused) return;
  const alike = fields(next).filter((field) => key(field) === key(focused));
  const after = alike[Math.min(rank, alike.length - 1)] ?? fields(next)[0];
  // What was typed since the menus were asked for is not in the answer.
  after?.focus();
  if (!(focused instanceof HTMLInputElement && after instanceof HTMLInputElement && focused.value)) return;
  after.value = focused.value;
  // What is proposed for it is asked for again.
  after.dispatchEvent(new Event("input", { bubbles: true }));
}
