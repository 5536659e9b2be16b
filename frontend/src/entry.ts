// The grid where rows are typed: a block pasted from a spreadsheet is spread over its cells, arrows go from row to row, and
// what is typed is checked by the server while one goes on.
const WAIT = 600;

interface Fault {
  row: number;
  column: number;
  text: string;
}

export function enhanceEntry(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-entry]")) new Grid(form).start();
}

class Grid {
  private readonly status: HTMLElement | null;
  private timer = 0;
  private asked = 0;

  constructor(private readonly form: HTMLFormElement) {
    this.status = form.querySelector<HTMLElement>("[data-entry-status]");
  }

  start(): void {
    this.form.addEventListener("paste", (event) => this.paste(event));
    this.form.addEventListener("keydown", (event) => this.move(event));
    this.form.addEventListener("input", () => this.later());
  }

  private rows(): HTMLTableRowElement[] {
    return [...this.form.querySelectorAll<HTMLTableRowElement>("tr[data-row]")];
  }

  private cells(row: HTMLTableRowElement): HTMLInputElement[] {
    return [...row.querySelectorAll<HTMLInputElement>("td input[type=text]")];
  }

  private placeOf(target: EventTarget | null): [number, number] | null {
    if (!(target instanceof HTMLInputElement) || target.type !== "text") return null;
    const [, row, column] = target.name.split("-");
    return row === undefined || column === undefined ? null : [Number(row), Number(column)];
  }

  private paste(event: ClipboardEvent): void {
    const place = this.placeOf(event.target);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!place || !/[\t\n\r]/.test(text.trim())) return;
    event.preventDefault();
    const block = parse(text);
    for (const [down, values] of block.entries()) {
      const row = this.rowAt(place[0] + down);
      if (!row) break;
      const cells = this.cells(row);
      for (const [right, value] of values.entries()) {
        const cell = cells[place[1] + right];
        if (cell) cell.value = value;
      }
    }
    this.later();
  }

  /** The row of that rank; rows are added after the last as a block needs them. */
  private rowAt(rank: number): HTMLTableRowElement | undefined {
    let rows = this.rows();
    while (rows.length <= rank && rows.length < 200) {
      const last = rows.at(-1);
      if (!last) return undefined;
      last.after(this.copyOf(last, rows.length));
      rows = this.rows();
    }
    return rows[rank];
  }

  private copyOf(last: HTMLTableRowElement, rank: number): HTMLTableRowElement {
    const copy = last.cloneNode(true) as HTMLTableRowElement;
    const number = Number((last.querySelector("th")?.textContent ?? "0").replace(/\D/g, "")) + 1;
    copy.dataset["row"] = String(rank);
    const head = copy.querySelector("th");
    if (head) head.textContent = String(number);
    for (const [column, cell] of this.cells(copy).entries()) {
      const name = `c-${rank}-${column}`;
      const fault = cell.nextElementSibling;
      cell.name = cell.id = name;
      cell.value = "";
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("aria-describedby");
      cell.setAttribute("aria-label", (cell.getAttribute("aria-label") ?? "").replace(/\d+$/, String(number)));
      if (fault) {
        fault.id = `f-${name}`;
        fault.textContent = "";
        fault.setAttribute("hidden", "");
      }
    }
    const box = copy.querySelector<HTMLInputElement>("input[type=checkbox]");
    if (box) {
      box.value = String(rank);
      box.checked = false;
      box.setAttribute("aria-label", (box.getAttribute("aria-label") ?? "").replace(/\d+$/, String(number)));
    }
    return copy;
  }

  private move(event: KeyboardEvent): void {
    const place = this.placeOf(event.target);
    if (!place || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const row = this.rows()[place[0] + (event.key === "ArrowDown" ? 1 : -1)];
    const cell = row ? this.cells(row)[place[1]] : undefined;
    if (!cell) return;
    event.preventDefault();
    cell.focus();
    cell.select();
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), WAIT);
  }

  private async check(): Promise<void> {
    const asked = ++this.asked;
    const rows = this.rows().map((row) => this.cells(row).map((cell) => cell.value));
    const token = this.form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    const answer = await fetch(this.form.dataset["entry"] ?? "", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ rows }),
    }).catch(() => null);
    const body = answer?.ok ? ((await answer.json().catch(() => null)) as { faults: Fault[] } | null) : null;
    if (body && asked === this.asked) this.show(body.faults);
  }

  private show(faults: Fault[]): void {
    const found = new Map(faults.map((fault) => [`${fault.row}-${fault.column}`, fault.text]));
    for (const [rank, row] of this.rows().entries()) {
      for (const [column, cell] of this.cells(row).entries()) {
        const text = found.get(`${rank}-${column}`) ?? "";
        const place = cell.nextElementSibling;
        if (!(place instanceof HTMLElement)) continue;
        place.textContent = text;
        place.hidden = !text;
        if (text) {
          cell.setAttribute("aria-invalid", "true");
          cell.setAttribute("aria-describedby", place.id);
        } else {
          cell.removeAttribute("aria-invalid");
          cell.removeAttribute("aria-describedby");
        }
      }
    }
    if (this.status) this.status.textContent = faults[0]?.text ?? "";
  }
}

/** The cells of a block copied from a spreadsheet: tabs between them, quotes around those that hold a line break. */
export function parse(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let place = 0; place < body.length; place += 1) {
    const sign = body.charAt(place);
    if (quoted) {
      if (sign === '"' && body.charAt(place + 1) === '"') {
        cell += '"';
        place += 1;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      rows.at(-1)?.push(cell);
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows.at(-1)?.push(cell);
  return rows;
}
