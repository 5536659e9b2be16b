// `<form data-live="id">`: what the form would do is shown in that place, anew each time a field changes; the server makes the whole
// of it, as for the button that does the same without scripts. What was typed is never touched.
const WAIT = 500;
const LONGEST_WAIT = 60_000;

export function enhanceLive(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-live]")) {
    const place = document.getElementById(form.dataset["live"] ?? "");
    const status = form.querySelector<HTMLElement>("[data-live-status]");
    if (place && status) new Live(form, place, status).start();
  }
}

class Live {
  private timer = 0;
  private losses = 0;
  private request: AbortController | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly place: HTMLElement,
    private readonly status: HTMLElement,
  ) {}

  start(): void {
    const changed = (): void => {
      this.later(WAIT);
    };
    this.form.addEventListener("input", changed);
    this.form.addEventListener("change", changed);
    this.form.addEventListener("submit", () => {
      this.stop();
    });
    window.addEventListener("online", () => {
      if (this.losses) this.later(0);
    });
    // A step that is there already has its settings: its effect needs no change of them.
    if (this.form.dataset["liveNow"] !== "0") this.later(0);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  private later(wait: number): void {
    this.stop();
    this.timer = window.setTimeout(() => void this.renew(), wait);
  }

  private async renew(): Promise<void> {
    const { signal } = (this.request = new AbortController());
    const body = new FormData(this.form);
    body.set("vif", "1");
    this.place.setAttribute("aria-busy", "true");
    this.say(this.form.dataset["working"]);
    try {
      const answer = await fetch(location.href, { method: "POST", body, signal, redirect: "manual", headers: { Accept: "text/html" } });
      const text = answer.headers.has("X-Parvis-Fragment") ? await answer.text() : "";
      if (signal.aborted) return;
      this.place.removeAttribute("aria-busy");
      this.losses = 0;
      if (answer.status === 429 || answer.status === 503) this.later(2_000);
      else this.show(text);
    } catch {
      if (signal.aborted) return;
      this.place.removeAttribute("aria-busy");
      this.losses += 1;
      this.say(this.form.dataset["lost"]);
      this.later(Math.min(2_000 * 2 ** this.losses, LONGEST_WAIT));
    }
  }

  private show(text: string): void {
    const effect = new DOMParser().parseFromString(text, "text/html").querySelector<HTMLElement>("[data-summary]");
    if (!effect) {
      this.say(this.form.dataset["ended"]);
      return;
    }
    // While the settings are not whole, the last effect stays in sight: what is missing is said beside the form.
    if (effect.hasAttribute("data-missing")) this.say([...effect.querySelectorAll("p, li")].map((line) => line.textContent.trim()).join(" "));
    else {
      const scrolled = [...this.place.querySelectorAll(".bo-scroll")].map((table) => table.scrollLeft);
      this.place.replaceChildren(effect);
      for (const [rank, table] of [...this.place.querySelectorAll(".bo-scroll")].entries()) table.scrollLeft = scrolled[rank] ?? 0;
      this.say(effect.dataset["summary"]);
    }
  }

  private say(words = ""): void {
    if (this.status.textContent !== words) this.status.textContent = words;
  }
}
