// One entry as it is filled: kept as a draft while one types, taken up again after anything, sent through the queue.
import { enhancePlaces } from "./places";
import { Group } from "./groups";
import { hold, shrunk } from "./photos";
import { Questions, showFaults } from "./questions";
import { sendAll } from "./sending";
import { entry, put, update } from "./store";
import { type Attachment, type Entry, type Settings, type Words, reasonOf, say } from "./types";

const PAUSE = 300;
const PATIENCE = 20_000; // beyond it, the next entry can be filled while this one leaves
const HEAVIEST = 15_000_000; // what the server takes at once
/** What belongs to a page and not to an entry. */
const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "preuve", "entree"]);

export class Filling {
  private uuid = "";
  private created = Date.now();
  private release: (() => void) | null = null;
  private timer = 0;
  private saving: Promise<boolean> = Promise.resolve(true);
  /** Before it, the entry has no name yet. */
  private readonly ready: Promise<boolean>;
  private shrinking: Promise<unknown> = Promise.resolve();
  private isLeaving = false;
  /** What was typed in questions that the form does not ask any more: it goes with the entry. */
  private others: [string, string][] = [];
  private readonly groups: Map<string, Group>;
  private readonly questions: Questions;
  private readonly changed: () => void;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly settings: Settings,
    private readonly words: Words,
    private readonly told: () => void,
  ) {
    this.questions = new Questions(form, settings, words);
    this.changed = () => {
      this.questions.refresh();
      this.saveSoon();
    };
    const lists = form.querySelectorAll<HTMLElement>("[data-groupe]");
    this.groups = new Map([...lists].map((list) => [list.dataset["groupe"] ?? "", new Group(list, this.changed)]));
    enhancePlaces(form, words, settings.map, settings.places, this.changed);
    form.addEventListener("input", this.changed);
    form.addEventListener("change", (event) => void this.fileChosen(event.target));
    form.addEventListener("submit", (event) => this.submit(event), { capture: true });
    window.addEventListener("pagehide", () => void this.save());
    document.addEventListener("visibilitychange", () => void (document.hidden && this.save()));
    window.addEventListener("pageshow", (event) => void (event.persisted && this.beginAfterReceipt()));
    this.ready = this.begin(crypto.randomUUID());
    this.questions.refresh();
  }

  /** The entry that is open in this tab. */
  get current(): string {
    return this.uuid;
  }

  /** Take up an entry that was kept; false when it is of another form, or open in another tab. */
  async resume(row: Entry): Promise<boolean> {
    if (row.page !== window.location.pathname) return false;
    await this.save();
    const now = await update(row.uuid, (kept) => (kept.state === "received" || kept.state === "sending" ? null : { ...kept, state: "draft" }));
    if (!now || now.state !== "draft") return true;
    if (!(await this.begin(row.uuid))) return true;
    this.created = now.created;
    this.write(now);
    showFaults(this.form, now.faults ?? []);
    this.problem(row.state === "refused" ? reasonOf(row, this.words) : "");
    this.told();
    this.form.scrollIntoView({ block: "start" });
    this.form.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
    return true;
  }

  /** Have this tab hold an entry, alone; false when another tab does. */
  private begin(uuid: string): Promise<boolean> {
    return new Promise((answer) => {
      void navigator.locks.request(`parvis-collecte-${uuid}`, { ifAvailable: true }, (lock) => {
        answer(lock !== null);
        if (!lock) return undefined;
        this.release?.();
        this.uuid = uuid;
        this.created = Date.now();
        return new Promise<void>((end) => (this.release = end));
      });
    });
  }

  private async fileChosen(input: EventTarget | null): Promise<void> {
    if (!(input instanceof HTMLInputElement) || input.type !== "file") return this.changed();
    const file = input.files?.[0];
    if (file) {
      const shrinking = shrunk(file).then((small) => {
        if (input.files?.[0] === file) hold(input, small);
      });
      this.shrinking = Promise.all([this.shrinking, shrinking]);
      await shrinking;
    }
    this.changed();
  }

  private saveSoon(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  /** Keep what is typed as a draft; false when the browser keeps nothing, which is told. */
  private save(): Promise<boolean> {
    clearTimeout(this.timer);
    this.saving = this.saving.then(() => this.saveNow());
    return this.saving;
  }

  /** Who comes back to a page whose entry was received fills another one. */
  private async beginAfterReceipt(): Promise<void> {
    if ((await entry(this.uuid).catch(() => undefined))?.state !== "received") return;
    await this.begin(crypto.randomUUID());
    this.clear();
    this.questions.refresh();
    this.told();
  }

  private async saveNow(): Promise<boolean> {
    await this.ready;
    if (this.isLeaving) return true;
    const row = await this.read("draft");
    if (!row.files.length && !row.fields.some(([name, value]) => name.startsWith("q-") && value.trim())) return true;
    try {
      const kept = await entry(row.uuid);
      if (kept && kept.state !== "draft" && kept.state !== "refused") return true; // it leaves, from another tab perhaps
      await put({ ...row, faults: kept?.faults ?? [] });
      const hour = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      this.status(say(this.words, "saved", { hour }));
      return true;
    } catch (error) {
      this.problem(storageWords(error, this.words));
      return false;
    }
  }

  private async read(state: "draft" | "waiting"): Promise<Entry> {
    const fields: [string, string][] = [];
    const files: Attachment[] = [];
    const { uuid, created } = this;
    const data = [...new FormData(this.form)].filter(([name]) => !OF_THE_PAGE.has(name));
    for (const [name, value] of data) {
      if (typeof value === "string") fields.push([name, value]);
      else if (value.size) files.push({ input: name, name: value.name, type: value.type, bytes: await value.arrayBuffer() });
    }
    fields.push(...this.others);
    const { survey, title, send, token, proof } = this.settings;
    const page = window.location.pathname;
    return { uuid, survey, title, page, send, token, proof, state, fields, files, created, changed: Date.now(), tries: 0 };
  }

  private write(row: Entry): void {
    this.clear();
    const values = new Map<string, string[]>();
    for (const [name, value] of row.fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const [name, group] of this.groups) {
      const names = [...values.keys(), ...row.files.map((file) => file.input)];
      const ranks = names.filter((one) => one.startsWith(`${name}-`)).map((one) => Number(one.slice(name.length + 1).split("-")[0]) + 1);
      group.resize(Math.max(1, ...ranks));
    }
    const present = new Set([...this.form.elements].map((input) => input.getAttribute("name")));
    this.others = row.fields.filter(([name]) => name.startsWith("q-") && !present.has(name));
    for (const input of this.form.elements) {
      if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement || input instanceof HTMLSelectElement)) continue;
      if (!input.name || OF_THE_PAGE.has(input.name)) continue;
      const own = values.get(input.name) ?? [];
      if (input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox")) input.checked = own.includes(input.value);
      else if (input instanceof HTMLInputElement && input.type === "file") {
        const file = row.files.find((one) => one.input === input.name);
        if (file) hold(input, new File([file.bytes], file.name, { type: file.type }));
      } else if (own[0] !== undefined) input.value = own[0];
    }
    this.questions.refresh();
  }

  private clear(): void {
    this.form.reset();
    this.others = [];
    for (const group of this.groups.values()) group.resize(1);
    for (const input of this.form.querySelectorAll<HTMLInputElement>("input[name^='q-'], textarea[name^='q-']")) {
      if (input.type === "radio" || input.type === "checkbox") input.checked = false;
      else input.value = "";
    }
    showFaults(this.form, []);
    this.problem("");
  }

  private submit(event: SubmitEvent): void {
    if (this.form.dataset["direct"]) return; // the browser keeps nothing: the form goes as it is
    event.preventDefault();
    event.stopImmediatePropagation();
    this.questions.refresh();
    if (!this.isLeaving && this.form.reportValidity()) void this.queue(event.submitter);
  }

  /** Keep the entry for good, then send it: in this order, so that nothing that happens next loses it. */
  private async queue(button: HTMLElement | null): Promise<void> {
    this.leave(true); // before anything is awaited: a draft written beside would take the place of what leaves
    button?.setAttribute("aria-busy", "true");
    try {
      await Promise.all([this.ready, this.saving]);
      let row = await this.read("waiting");
      if (weightOf(row) > HEAVIEST) {
        await this.shrinking;
        row = await this.read("waiting");
      }
      if (weightOf(row) > HEAVIEST) return this.problem(say(this.words, "heavy"));
      try {
        await put(row);
      } catch (error) {
        return this.sendDirectly(error);
      }
      this.status(say(this.words, "sending"));
      void navigator.storage?.persist?.();
      await Promise.race([sendAll(), new Promise((end) => setTimeout(end, PATIENCE))]).catch(() => undefined);
      await this.conclude(row.uuid);
    } finally {
      this.leave(false);
      button?.removeAttribute("aria-busy");
    }
  }

  /** The browser keeps nothing: the form goes as it is, when there is a network. */
  private sendDirectly(error: unknown): void {
    this.problem(storageWords(error, this.words));
    if (!navigator.onLine) return;
    this.form.dataset["direct"] = "1";
    window.setTimeout(() => this.form.requestSubmit()); // while the event of the button lasts, browsers take no other
  }

  /** What is typed while an entry leaves would belong to none. */
  private leave(isLeaving: boolean): void {
    this.isLeaving = isLeaving;
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-partie]")) part.inert = isLeaving;
  }

  private async conclude(uuid: string): Promise<void> {
    const row = await entry(uuid);
    this.status("");
    if (row?.state === "received") {
      window.location.assign(row.address || window.location.pathname);
    } else if (row?.state === "refused") {
      this.leave(false); // what is to be corrected takes the focus
      showFaults(this.form, row.faults ?? []);
      this.problem(reasonOf(row, this.words));
    } else {
      await this.begin(crypto.randomUUID());
      this.clear();
      this.questions.refresh();
      this.status(say(this.words, "queued"));
    }
    this.told();
  }

  private status(text: string): void {
    const place = this.form.querySelector<HTMLElement>("[data-collecte-etat]");
    if (place) place.textContent = text;
  }

  private problem(text: string): void {
    const place = this.form.querySelector<HTMLElement>("[data-collecte-erreur]");
    if (!place) return;
    place.textContent = text;
    place.hidden = !text;
  }
}

function weightOf(row: Entry): number {
  return row.files.reduce((sum, file) => sum + file.bytes.byteLength, 0);
}

function storageWords(error: unknown, words: Words): string {
  const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
  return say(words, isFull ? "full" : "refusedStorage");
}
