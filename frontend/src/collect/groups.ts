// Groups of questions that are filled several times: one entry is shown, others are added and taken away.
const MOST = 50;

export class Group {
  private readonly list: HTMLElement;
  private readonly blank: HTMLElement;
  private readonly name: string;

  constructor(
    list: HTMLElement,
    private readonly changed: () => void,
  ) {
    this.list = list;
    this.name = list.dataset["groupe"] ?? "";
    const rows = this.entries();
    this.blank = (rows.at(-1) as HTMLElement).cloneNode(true) as HTMLElement;
    empty(this.blank);
    const filled = rows.filter((row) => isFilled(row));
    for (const row of rows.slice(Math.max(1, filled.length))) row.remove();
    const add = document.querySelector<HTMLButtonElement>(`[data-ajouter="${this.name}"]`);
    if (add) {
      add.hidden = false;
      add.addEventListener("click", () => this.add()?.querySelector<HTMLElement>("input, textarea, select")?.focus());
    }
    list.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("[data-retirer]") : null;
      if (button) this.remove(button.closest<HTMLElement>("[data-entree]"));
    });
    this.renumber();
  }

  /** Have as many entries as that. */
  resize(count: number): void {
    while (this.entries().length > Math.max(1, count)) this.entries().at(-1)?.remove();
    while (this.entries().length < count && this.add(false)) continue;
    this.renumber();
  }

  private entries(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-entree]")];
  }

  private add(tells = true): HTMLElement | null {
    if (this.entries().length >= MOST) return null;
    const entry = this.blank.cloneNode(true) as HTMLElement;
    this.list.append(entry);
    this.renumber();
    if (tells) this.changed();
    return entry;
  }

  private remove(entry: HTMLElement | null): void {
    if (!entry) return;
    const next = (entry.nextElementSibling ?? entry.previousElementSibling) as HTMLElement | null;
    if (this.entries().length > 1) entry.remove();
    else empty(entry);
    this.renumber();
    (next ?? this.entries()[0])?.querySelector<HTMLElement>("input, textarea, select")?.focus();
    this.changed();
  }

  /** Entries are numbered as they are in order: the server tells what is wrong by their place. */
  private renumber(): void {
    const rows = this.entries();
    const pattern = new RegExp(`\\b${this.name}-\\d+-`, "g");
    for (const [rank, row] of rows.entries()) {
      for (const element of row.querySelectorAll<HTMLElement>("*")) {
        for (const attribute of element.attributes) {
          if (attribute.name !== "value" && attribute.value.includes(`${this.name}-`)) {
            attribute.value = attribute.value.replace(pattern, `${this.name}-${rank}-`);
          }
        }
      }
      const number = row.querySelector("[data-numero]");
      if (number) number.textContent = String(rank + 1);
      const button = row.querySelector<HTMLButtonElement>("[data-retirer]");
      if (button) button.hidden = rows.length < 2 && !isFilled(row);
    }
  }
}

function isFilled(row: HTMLElement): boolean {
  for (const input of row.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input, textarea, select")) {
    const isBox = input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox");
    if (isBox ? (input as HTMLInputElement).checked : input.value.trim()) return true;
  }
  return false;
}

function empty(row: HTMLElement): void {
  for (const input of row.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input, textarea, select")) {
    if (input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox")) input.checked = false;
    else input.value = "";
    input.removeAttribute("aria-invalid");
  }
  for (const place of row.querySelectorAll<HTMLElement>("[data-erreur]")) {
    place.textContent = "";
    place.hidden = true;
  }
}
