// The editor of pages, in the back office: fields for columns are lists of those of the dataset that their block has chosen, conditions
// are menus.
//
// <input data-parvis-column="measure"> keeps the technical name that is stored; the list before it is filled from
// /admin/contenus/colonnes/?jeu=…&role=measure; those of the role « elsewhere » are of the other datasets, charts and maps of the page.
// <textarea data-parvis-popup> has a list of columns to put in. <input data-parvis-conditions="dataset"> keeps ODSQL; menus.ts puts its menus over it.

import { ask } from "./menus";
import { nameParts } from "./naming";
import { popupText } from "./popups";
import { say } from "./upload/words";

interface Column {
  name: string;
  label: string;
}

const COLUMN = "input[data-parvis-column]";
const CONDITIONS = "input[data-parvis-conditions]";
const POPUPS = "textarea[data-parvis-popup]";
const SHOWN = 'select:is([name$="-dataset"], [name$="-chart"], [name$="-map"])';
const known = new Map<string, Promise<Column[]>>();
let number = 0;

function start(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>(COLUMN)) if (!field.hidden) void new Columns(field).fill();
  for (const field of root.querySelectorAll<HTMLInputElement>(CONDITIONS)) conditions(field);
  for (const field of root.querySelectorAll<HTMLTextAreaElement>(POPUPS)) if (!field.hidden) popup(field);
}

/** The list of a dataset that is the nearest around a field. */
function datasetOf(field: HTMLElement): HTMLSelectElement | null {
  for (let around = field.parentElement; around; around = around.parentElement) {
    const chosen = around.querySelector<HTMLSelectElement>('select[name$="-dataset"]');
    if (chosen) return chosen;
  }
  return null;
}

function columnsOf(dataset: string, role: string): Promise<Column[]> {
  return columnsAt(new URLSearchParams({ jeu: dataset, role }));
}

/** Columns of what the other blocks of the page show. */
function columnsElsewhere(field: HTMLElement): Promise<Column[]> {
  const query = new URLSearchParams({ role: "elsewhere" });
  const own = datasetOf(field);
  for (const select of document.querySelectorAll<HTMLSelectElement>(SHOWN)) {
    const kind = select.name.endsWith("-dataset") ? "jeu" : select.name.endsWith("-chart") ? "graphique" : "carte";
    if (select.value && !(kind === "jeu" && select.value === own?.value) && !query.has(kind, select.value)) query.append(kind, select.value);
  }
  return query.size > 1 ? columnsAt(query) : Promise.resolve([]);
}

function columnsAt(query: URLSearchParams): Promise<Column[]> {
  const address = `/admin/contenus/colonnes/?${query.toString()}`;
  const before = known.get(address);
  if (before) return before;
  const asked = fetch(address, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? (answer.json() as Promise<{ columns: Column[] }>) : { columns: [] }))
    .then((body) => body.columns)
    .catch(() => []);
  known.set(address, asked);
  return asked;
}

/** A list of columns over a field that keeps their names, between commas when there may be several. */
class Columns {
  private readonly select = document.createElement("select");
  private readonly chosen = document.createElement("ul");
  private readonly several: boolean;
  private readonly elsewhere: boolean;
  private columns: Column[] = [];

  constructor(private readonly field: HTMLInputElement) {
    this.elsewhere = field.dataset.parvisColumn === "elsewhere";
    this.several = this.elsewhere || field.dataset.parvisColumn === "several";
    number += 1;
    this.select.id = `colonnes-${number}`;
    this.chosen.className = "bo-chosen";
    const describedBy = field.getAttribute("aria-describedby");
    if (describedBy) this.select.setAttribute("aria-describedby", describedBy);
    const label = field.labels?.[0];
    if (label) label.htmlFor = this.select.id;
    field.hidden = true;
    field.before(this.chosen, this.select);
    this.select.addEventListener("change", () => this.choose());
    // The page may be put back as it was (an undo, a copy of a block): the list follows the field.
    field.addEventListener("change", () => this.draw());
    if (!this.elsewhere) datasetOf(field)?.addEventListener("change", () => void this.fill());
    else
      document.addEventListener("change", (event) => {
        if (field.isConnected && event.target instanceof Element && event.target.matches(SHOWN)) void this.fill();
      });
  }

  async fill(): Promise<void> {
    const dataset = datasetOf(this.field)?.value ?? "";
    if (this.elsewhere) this.columns = await columnsElsewhere(this.field);
    else this.columns = dataset ? await columnsOf(dataset, this.field.dataset.parvisColumn ?? "any") : [];
    this.draw();
  }

  private get names(): string[] {
    return this.field.value.split(",").map((name) => this.nameOf(name.trim())).filter(Boolean);
  }

  /** A column may have been written by its label. */
  private nameOf(text: string): string {
    if (this.columns.some((column) => column.name === text)) return text;
    return this.columns.find((column) => column.label.toLowerCase() === text.toLowerCase())?.name ?? text;
  }

  private labelOf(name: string): string {
    const column = this.columns.find((one) => one.name === name);
    return column ? column.label : this.columns.length && !this.elsewhere ? say("missing-column", { name }) : name;
  }

  private draw(): void {
    const names = this.names;
    const rest = this.several ? this.columns.filter((column) => !names.includes(column.name)) : this.columns;
    const none = this.elsewhere
      ? say(this.columns.length ? "add-column" : "no-other-dataset")
      : say(!datasetOf(this.field)?.value ? "no-dataset" : this.several ? "add-column" : "no-column");
    const options = [new Option(none, ""), ...rest.map((column) => new Option(column.label, column.name))];
    const current = this.several ? "" : (names[0] ?? "");
    if (current && !this.columns.some((column) => column.name === current)) options.push(new Option(this.labelOf(current), current));
    this.select.replaceChildren(...options);
    this.select.value = current;
    this.chosen.replaceChildren(...(this.several ? names : []).map((name) => this.row(name)));
  }

  private row(name: string): HTMLElement {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute("aria-label", say("remove", { name: this.labelOf(name) }));
    button.addEventListener("click", () => {
      this.keep(this.names.filter((one) => one !== name));
      this.select.focus();
    });
    row.append(this.labelOf(name), button);
    return row;
  }

  private choose(): void {
    this.keep(this.several ? [...this.names, this.select.value] : [this.select.value]);
  }

  private keep(names: string[]): void {
    this.field.value = names.filter(Boolean).join(", ");
    this.draw();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** A list of the columns that may be put in a text. */
function popup(field: HTMLTextAreaElement): void {
  const list = document.createElement("select");
  list.ariaLabel = say("insert-column");
  const around = datasetOf(field);
  const layer = around?.form?.querySelector<HTMLSelectElement>(`[name="${CSS.escape(around.name.replace(/dataset$/, "layer"))}"]`);
  const draw = popupText(field, list);
  const fill = async (): Promise<void> => {
    const role = layer?.value === "choropleth" ? "shade" : "popup";
    const columns = around?.value ? await columnsOf(around.value, role) : [];
    const none = say(around?.value ? "insert-column" : "no-dataset");
    list.replaceChildren(new Option(none, ""), ...columns.map((column) => new Option(column.label, column.name)));
    draw();
  };
  for (const select of [around, layer]) select?.addEventListener("change", () => void fill());
  void fill();
}

/** Menus over a text in ODSQL, which is folded under them. */
function conditions(field: HTMLInputElement): void {
  if (field.closest("[data-menu]")) return;
  const menu = document.createElement("div");
  menu.className = "query-menu";
  menu.setAttribute("role", "group");
  menu.ariaLabel = (field.labels?.[0]?.textContent ?? "").trim() || null;
  const dataset = datasetOf(field);
  Object.assign(menu.dataset, { menu: "conditions", menuName: field.name, menuDataset: dataset?.name ?? "", menuLines: "1" });
  const body = document.createElement("div");
  body.dataset.menuBody = "";
  const shown = document.createElement("input");
  Object.assign(shown, { type: "hidden", name: `${field.name}.avant`, value: field.value });
  body.append(shown);
  const folded = document.createElement("details");
  folded.className = "query-text";
  const summary = document.createElement("summary");
  summary.textContent = say("as-odsql");
  const hint = document.createElement("p");
  hint.className = "help";
  hint.textContent = say("odsql-wins");
  folded.append(summary, hint);
  field.before(menu);
  folded.append(field);
  menu.append(body, folded);
  // Where the menus cannot be had, the text is there to be written.
  void ask(menu, true).then((known) => (folded.open ||= !known));
}

function begin(): void {
  nameParts();
  start(document);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node instanceof HTMLElement) start(node);
  }).observe(document.body, { childList: true, subtree: true });
}

if (document.readyState === "complete") begin();
else addEventListener("load", begin);
