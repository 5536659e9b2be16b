// Sending a file in pieces (tus): what was sent is never sent again, even after a lost network or a closed page.
import { type DetailedError, Upload } from "tus-js-client";
import { duration, say, size } from "./words";

const PIECE = 8 * 1024 * 1024;
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];
const SHOWN_EVERY = 250;
const SAID_EVERY = 15_000;
const PACE = 5000;

export function enhanceUploads(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-tus-endpoint]")) {
    const input = form.querySelector<HTMLInputElement>("input[type=file]");
    if (input) new Sending(form, input).listen();
  }
}

class Sending {
  private readonly box: HTMLElement | null;
  private readonly bar: HTMLProgressElement | null;
  /** What is read aloud: seldom, so that it can be followed. */
  private readonly spoken: HTMLElement | null;
  /** What is shown: always up to date. */
  private readonly shown = document.createElement("p");
  private readonly cancelButton = document.createElement("button");
  private upload: Upload | null = null;
  private marks: { at: number; sent: number }[] = [];
  private saidAt = 0;
  private shownAt = 0;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
  ) {
    this.box = form.querySelector<HTMLElement>("[data-tus-progress]");
    this.bar = this.box?.querySelector("progress") ?? null;
    this.spoken = form.querySelector<HTMLElement>("[data-tus-text]");
  }

  listen(): void {
    this.form.addEventListener("submit", (event) => {
      const file = this.input.files?.[0];
      if (!file?.size) return;
      event.preventDefault();
      void this.start(file);
    });
    this.acceptDrops();
    addEventListener("online", () => this.goOn());
    addEventListener("beforeunload", (event) => {
      if (this.upload) event.preventDefault();
    });
    this.prepare();
  }

  private prepare(): void {
    this.shown.setAttribute("aria-hidden", "true");
    this.cancelButton.type = "button";
    this.cancelButton.className = "button button-secondary plain";
    this.cancelButton.textContent = say("cancel");
    this.cancelButton.addEventListener("click", () => void this.cancel());
    this.box?.append(this.shown, this.cancelButton);
    if (this.spoken) {
      Object.assign(this.spoken.style, { position: "absolute", width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" });
    }
  }

  private acceptDrops(): void {
    const zone = this.form.querySelector<HTMLElement>("[data-tus-drop]");
    if (!zone) return;
    const over = (on: boolean) => (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      zone.toggleAttribute("data-over", on);
    };
    zone.addEventListener("dragenter", over(true));
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      const files = event.dataTransfer?.files;
      if (!files?.length) return;
      this.input.files = files;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    // A file dropped beside the zone must not replace the page.
    for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  }

  private async start(file: File): Promise<void> {
    if (this.upload) return;
    this.marks = [];
    const upload = new Upload(file, {
      endpoint: this.form.dataset["tusEndpoint"] ?? "",
      chunkSize: PIECE,
      retryDelays: RETRIES,
      metadata: { filename: file.name, filetype: file.type },
      headers: { "X-CSRFToken": this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "" },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => this.progress(sent, total),
      onShouldRetry: (error) => this.willRetry(error),
      onError: (error) => this.failed(error),
      onSuccess: () => this.done(),
    });
    this.upload = upload;
    this.busy(true);
    const [previous] = await upload.findPreviousUploads().catch(() => []);
    if (this.upload !== upload) return; // given up meanwhile
    if (previous) {
      upload.resumeFromPreviousUpload(previous);
      this.say(say("resumed"));
    }
    upload.start();
  }

  /** The network is back. */
  private goOn(): void {
    if (!this.upload) return;
    void this.upload.abort().then(() => {
      this.say(say("resumed"));
      this.upload?.start();
    });
  }

  private progress(sent: number, total: number): void {
    const now = performance.now();
    this.marks.push({ at: now, sent });
    while (this.marks.length > 2 && now - (this.marks[0]?.at ?? now) > PACE) this.marks.shift();
    if (now - this.shownAt < SHOWN_EVERY && sent < total) return;
    this.shownAt = now;
    if (this.bar) this.bar.value = (100 * sent) / total;
    const text = this.sentence(sent, total);
    this.shown.textContent = text;
    if (now - this.saidAt > SAID_EVERY) {
      this.saidAt = now;
      if (this.spoken) this.spoken.textContent = text;
    }
  }

  private sentence(sent: number, total: number): string {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    const elapsed = ((last?.at ?? 0) - (first?.at ?? 0)) / 1000;
    const rate = elapsed > 0 ? ((last?.sent ?? 0) - (first?.sent ?? 0)) / elapsed : 0;
    const percent = String(Math.floor((100 * sent) / total));
    const text = say("sending", { done: size(sent), total: size(total), percent, rate: size(rate) });
    return rate > 0 && sent < total ? text + say("left", { time: duration((total - sent) / rate) }) : text;
  }

  /** A refusal of the server is final; all the rest is the network, which comes back. */
  private willRetry(error: DetailedError): boolean {
    const status = error.originalResponse?.getStatus() ?? 0;
    const again = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
    if (again && status !== 507) this.say(say("waiting"));
    return again && status !== 507;
  }

  private failed(error: Error | DetailedError): void {
    const response = "originalResponse" in error ? error.originalResponse : null;
    if (!response) {
      // Every retry was used up and the network is still away: wait for it.
      this.say(say("waiting"));
      return;
    }
    this.upload = null;
    this.busy(false);
    this.say(say("refused", { reason: response.getBody() || String(response.getStatus()) }));
  }

  private done(): void {
    const key = this.upload?.url?.split("/").filter(Boolean).at(-1) ?? "";
    this.upload = null;
    this.say(say("sent"));
    // A POST, since the import begins: the plain form goes on to the address of what follows, without its file.
    this.form.action = (this.form.dataset["tusAfter"] ?? "").replace("{key}", key);
    this.input.disabled = true;
    this.form.submit();
  }

  private async cancel(): Promise<void> {
    const upload = this.upload;
    this.upload = null;
    this.busy(false);
    this.say(say("cancelled"));
    // The server forgets what it had; if it cannot be told, it forgets by itself later.
    await upload?.abort(true).catch(() => undefined);
  }

  private busy(on: boolean): void {
    if (this.box) this.box.hidden = false;
    if (this.bar) this.bar.hidden = !on;
    this.cancelButton.hidden = !on;
    for (const button of this.form.querySelectorAll<HTMLButtonElement>("button[type=submit]")) button.disabled = on;
    this.input.disabled = on;
  }

  private say(text: string): void {
    this.shown.textContent = text;
    if (this.spoken) this.spoken.textContent = text;
  }
}
