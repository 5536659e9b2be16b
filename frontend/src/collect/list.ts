// The entries of this browser, each with its state, its attachments and what can be done of it.
import { sendAll } from "./sending";
import { entries, remove, update, whenChanged } from "./store";
import { type Entry, type Words, reasonOf, say } from "./types";

/** What the page does with an entry that is taken up again; false when it is of another form. */
export type Resume = (row: Entry) => Promise<boolean>;

export class EntryList {
  private drawing: Promise<void> = Promise.resolve();

  constructor(
    private readonly root: HTMLElement,
    private readonly words: Words,
    private readonly own: () => string,
    private readonly resume: Resume,
  ) {
    whenChanged(() => this.refresh());
    for (const name of ["online", "offline"]) window.addEventListener(name, () => this.refresh());
  }

  refresh(): void {
    this.drawing = this.drawing.then(() => this.draw()).catch(() => undefined);
  }

  private async draw(): Promise<void> {
    const [rows, elsewhere] = [await entries(), await beingEdited()];
    const shown = rows.filter((row) => row.uuid !== this.own());
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset["act"] : undefined;
    this.root.replaceChildren();
    this.root.hidden = !shown.length && navigator.onLine;
    if (this.root.hidden) return;
    if (!navigator.onLine) this.root.append(element("p", this.word("offline"), "message warning"));
    if (!shown.length) return;
    const heading = element("h2", this.word("heading"));
    heading.id = "collecte-titre";
    this.root.setAttribute("role", "region");
    this.root.setAttribute("aria-labelledby", heading.id);
    const list = element("ul", "", "collecte-entrees");
    for (const row of shown) list.append(this.line(row, elsewhere.has(row.uuid)));
    this.root.append(heading, list);
    if (shown.filter((row) => row.state === "waiting").length > 1) {
      this.root.append(this.button("tout", this.word("sendAll"), () => sendAll()));
    }
    if (focused) this.root.querySelector<HTMLElement>(`[data-act="${CSS.escape(focused)}"]`)?.focus();
  }

  private line(row: Entry, isElsewhere: boolean): HTMLElement {
    const line = element("li", "", `collecte-entree-${row.state}`);
    line.dataset["etat"] = row.state;
    const moment = new Date(row.changed).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    line.append(element("strong", row.title), element("span", ` · ${moment}`, "quiet"));
    const state = row.state === "received" ? say(this.words, "received", { receipt: row.receipt ?? "" }) : this.word(row.state);
    line.append(element("p", state, "collecte-etat"));
    const reason = reasonOf(row, this.words);
    if (reason) line.append(element("p", reason, row.state === "refused" ? "error" : "quiet small"));
    const first = row.fields.find(([name, value]) => name.startsWith("q-") && value.trim());
    const about = [first?.[1].slice(0, 80), row.files.length ? say(this.words, "photos", { count: row.files.length }) : ""];
    const text = about.filter(Boolean).join(" · ");
    if (text) line.append(element("p", text, "quiet small"));
    line.append(this.actions(row, isElsewhere));
    return line;
  }

  private actions(row: Entry, isElsewhere: boolean): HTMLElement {
    const actions = element("p", "", "collecte-actes");
    if (row.state === "sending") return actions;
    if (row.state === "received") {
      if (row.address) actions.append(link(this.word("open"), row.address));
      actions.append(this.button(`x-${row.uuid}`, this.word("forget"), () => remove(row.uuid)));
      return actions;
    }
    if (isElsewhere) {
      actions.append(element("span", this.word("elsewhere"), "quiet"));
      return actions;
    }
    if (row.state === "waiting") actions.append(this.button(`s-${row.uuid}`, this.word("send"), () => sendAll()));
    if (row.state === "refused") {
      actions.append(this.button(`s-${row.uuid}`, this.word("sendAgain"), () => this.again(row)));
    }
    const words = row.state === "draft" ? "resume" : "correct";
    actions.append(this.button(`r-${row.uuid}`, this.word(words), () => this.takeUp(row)));
    actions.append(this.remover(row));
    return actions;
  }

  private async again(row: Entry): Promise<void> {
    await update(row.uuid, (now) => ({ ...now, state: "waiting", reason: "", status: undefined, faults: [] }));
    await sendAll();
  }

  private async takeUp(row: Entry): Promise<void> {
    if (!(await this.resume(row))) window.location.assign(`${row.page}#entree=${row.uuid}`);
  }

  /** Two presses: what is not sent would be lost for ever. */
  private remover(row: Entry): HTMLElement {
    let isSure = false;
    const button = this.button(`d-${row.uuid}`, this.word("delete"), async () => {
      if (isSure) return remove(row.uuid);
      isSure = true;
      button.textContent = this.word("deleteSure");
      return undefined;
    });
    return button;
  }

  private button(act: string, text: string, press: () => Promise<unknown>): HTMLButtonElement {
    const button = element("button", text, "button plain") as HTMLButtonElement;
    button.type = "button";
    button.dataset["act"] = act;
    button.addEventListener("click", () => void press());
    return button;
  }

  private word(key: string): string {
    return say(this.words, key);
  }
}

/** The entries that a tab holds open, by the names of their locks. */
async function beingEdited(): Promise<Set<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map((lock) => lock.name?.replace("parvis-collecte-", "") ?? ""));
}

function element(name: string, text: string, kind = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function link(text: string, address: string): HTMLElement {
  const made = element("a", text) as HTMLAnchorElement;
  made.href = address;
  return made;
}
