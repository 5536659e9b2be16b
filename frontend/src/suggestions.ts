// `<input data-suggestions="ADDRESS">`: what the words being typed may lead to, as a list under the field (WAI-ARIA combobox).
// The form searches without it; Enter on the field itself still does.

interface Suggestion {
  title: string;
  kind: string;
  address: string;
}

const PAUSE = 150; // milliseconds without a key before the server is asked
const SHORTEST = 2;

export function enhanceSuggestions(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>("input[data-suggestions]")) new Suggestions(field);
}

class Suggestions {
  private readonly list = document.createElement("ul");
  private rows: Suggestion[] = [];
  private current = -1;
  private timer = 0;
  private asked: AbortController | undefined;

  constructor(private readonly field: HTMLInputElement) {
    this.list.id = `${field.id}-suggestions`;
    this.list.className = "search-options";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", field.labels?.[0]?.textContent?.trim() ?? "");
    this.list.hidden = true;
    field.form?.append(this.list);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.setAttribute("aria-expanded", "false");
    field.addEventListener("input", () => this.later());
    field.addEventListener("keydown", (event) => this.move(event));
    field.addEventListener("blur", () => this.close());
    // A pointer pressed on a suggestion must not take the focus from the field, which would close the list first.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest("li");
      if (option) this.go([...this.list.children].indexOf(option));
    });
  }

  private later(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  private async ask(): Promise<void> {
    this.asked?.abort();
    const words = this.field.value.trim();
    if (words.length < SHORTEST) return this.close();
    this.asked = new AbortController();
    try {
      const address = `${this.field.dataset.suggestions}?${new URLSearchParams({ q: words })}`;
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      const told = (await answer.json()) as { suggestions: Suggestion[] };
      // What came late answers words that are no longer there.
      if (answer.ok && words === this.field.value.trim() && document.activeElement === this.field) this.show(told.suggestions);
    } catch {
      this.close(); // the network is gone or other words were typed: the form still searches
    }
  }

  private show(rows: Suggestion[]): void {
    this.rows = rows;
    this.list.replaceChildren(...rows.map((row, rank) => this.option(row, rank)));
    this.list.hidden = rows.length === 0;
    this.field.setAttribute("aria-expanded", String(rows.length > 0));
    this.point(-1);
  }

  private option(row: Suggestion, rank: number): HTMLElement {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${rank}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const kind = document.createElement("span");
    kind.className = "quiet small";
    kind.textContent = row.kind;
    option.append(row.title, " ", kind);
    return option;
  }

  private move(event: KeyboardEvent): void {
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.rows.length > 0) {
      event.preventDefault();
      const places = this.rows.length + 1; // the field itself is one of them
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.point(((this.current + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && this.current >= 0) {
      event.preventDefault();
      this.go(this.current);
    }
  }

  private point(rank: number): void {
    this.current = rank;
    for (const [place, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(place === rank));
      if (place === rank) option.scrollIntoView({ block: "nearest" });
    }
    if (rank < 0) this.field.removeAttribute("aria-activedescendant");
    else this.field.setAttribute("aria-activedescendant", `${this.list.id}-${rank}`);
  }

  private go(rank: number): void {
    const row = this.rows[rank];
    if (row) window.location.assign(row.address);
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.show([]);
  }
}
