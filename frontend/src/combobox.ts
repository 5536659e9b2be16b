// `<select data-combobox>`: a long list chosen by typing a few letters (WAI-ARIA combobox with a list). The select stays what the form
// sends, and is what is seen without scripts; one that takes several has what was chosen above the field, each with a button to remove it.

import { say } from "./upload/words";

const FEWEST = 9; // shorter lists are quicker read than typed
const MOST_SHOWN = 40;

export function enhanceComboboxes(): void {
  for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-combobox]"))
    if (select.options.length >= FEWEST && select.id) new Combobox(select);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

class Combobox {
  private readonly field = document.createElement("input");
  private readonly list = document.createElement("ul");
  private readonly chosen = document.createElement("ul");
  private readonly status = document.createElement("p");
  private shown: HTMLOptionElement[] = [];
  private current = -1;

  constructor(private readonly select: HTMLSelectElement) {
    const { field, list, chosen, status } = this;
    field.type = "text";
    field.id = `${select.id}-saisie`;
    field.autocomplete = "off";
    field.placeholder = say("search");
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", `${select.id}-liste`]])
      field.setAttribute(name as string, value as string);
    for (const name of ["aria-describedby", "aria-invalid", "aria-label"]) {
      const value = select.getAttribute(name);
      if (value) field.setAttribute(name, value);
    }
    if (select.required) field.setAttribute("aria-required", "true");
    select.required = false; // a hidden field cannot be pointed at by the browser: the server says what is missing
    const label = select.labels[0];
    list.id = `${select.id}-liste`;
    list.className = "bo-options";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label?.textContent.trim() ?? "");
    if (select.multiple) list.setAttribute("aria-multiselectable", "true");
    chosen.className = "bo-chosen";
    status.className = "w-sr-only";
    status.setAttribute("role", "status");
    const around = document.createElement("div");
    around.className = "bo-combobox";
    select.before(around);
    around.append(chosen, field, list, status, select);
    if (label) label.htmlFor = field.id;
    select.hidden = true;
    field.addEventListener("input", () => this.open());
    field.addEventListener("click", () => this.open(true));
    field.addEventListener("keydown", (event) => this.press(event));
    field.addEventListener("blur", () => this.close());
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest("li");
      const option = row ? this.shown[[...list.children].indexOf(row)] : undefined;
      if (option) this.choose(option);
    });
    this.tell();
  }

  private open(all = false): void {
    const words = all && !this.select.multiple ? [] : fold(this.field.value).split(/\s+/).filter(Boolean);
    const rest = [...this.select.options].filter((option) => option.value && !(this.select.multiple && option.selected));
    const found = rest.filter((option) => words.every((word) => fold(option.text).includes(word)));
    // What begins with the words comes first.
    found.sort((one, other) => Number(!fold(one.text).startsWith(words[0] ?? "")) - Number(!fold(other.text).startsWith(words[0] ?? "")));
    this.shown = found.slice(0, MOST_SHOWN);
    this.list.replaceChildren(
      ...this.shown.map((option, rank) => {
        const row = document.createElement("li");
        row.id = `${this.list.id}-${rank}`;
        row.setAttribute("role", "option");
        row.setAttribute("aria-selected", String(option.selected));
        row.textContent = option.text;
        return row;
      }),
    );
    this.list.hidden = this.shown.length === 0;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.status.textContent = this.shown.length ? "" : say("nothing");
    this.point(words.length && this.shown.length ? 0 : -1);
  }

  private close(): void {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
    this.current = -1;
    this.restore();
  }

  // What was typed and not chosen goes; the list of what is chosen stays: a button pressed there is still under the pointer.
  private restore(): void {
    const chosen = this.select.multiple ? undefined : [...this.select.selectedOptions].find((option) => option.value);
    this.field.value = chosen?.text ?? "";
  }

  private point(rank: number): void {
    this.current = rank;
    [...this.list.children].forEach((row, place) => row.classList.toggle("current", place === rank));
    const row = this.list.children[rank];
    if (!row) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  private press(event: KeyboardEvent): void {
    const last = this.shown.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.open(true);
      const next = this.current + (event.key === "ArrowDown" ? 1 : -1);
      this.point(next > last ? 0 : next < 0 ? last : next);
    } else if (event.key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      const option = this.shown[this.current];
      if (option) this.choose(option);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Backspace" && !this.field.value && this.select.multiple) {
      const option = [...this.select.selectedOptions].at(-1);
      if (option) this.remove(option);
    }
  }

  private choose(option: HTMLOptionElement): void {
    option.selected = true;
    this.close();
    this.tell();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private remove(option: HTMLOptionElement): void {
    option.selected = false;
    this.tell();
    this.field.focus();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // What is chosen: in the field when there is one, above it when there may be several.
  private tell(): void {
    const options = [...this.select.selectedOptions].filter((option) => option.value);
    this.restore();
    this.chosen.replaceChildren(
      ...(this.select.multiple ? options : []).map((option) => {
        const row = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "×";
        button.setAttribute("aria-label", say("remove", { name: option.text }));
        button.addEventListener("click", () => this.remove(option));
        row.append(option.text, button);
        return row;
      }),
    );
  }
}
