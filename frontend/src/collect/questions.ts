// Which questions are asked as one goes on, and what browsers can tell of answers by themselves; the server is the judge.
import { type Answers, holds } from "./conditions";
import { type Settings, type Words, say } from "./types";

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const NUMBER = /^[+-]?\d{1,15}(?:[.,]\d{1,10})?$/;

export class Questions {
  constructor(
    private readonly form: HTMLFormElement,
    private readonly settings: Settings,
    private readonly words: Words,
  ) {}

  /** Show what is asked, hide what is not: what was typed there stays, and the server passes it over. */
  refresh(): void {
    const answers: Record<string, unknown> = {};
    for (const part of this.form.querySelectorAll<HTMLElement>("[data-partie]")) {
      const condition = this.settings.conditions[part.dataset["partie"] ?? ""];
      part.hidden = condition !== undefined && !holds(condition, answers);
      for (const question of part.querySelectorAll<HTMLElement>(":scope > [data-question]")) this.ask(question, answers, part.hidden);
    }
  }

  private ask(question: HTMLElement, answers: Record<string, unknown>, isOut: boolean): void {
    const input = question.dataset["question"] ?? "";
    const condition = this.settings.conditions[input];
    question.hidden = condition !== undefined && !holds(condition, answers);
    const isAsked = !isOut && !question.hidden;
    const name = input.slice(2);
    if (question.dataset["kind"] === "repeat") {
      for (const entry of question.querySelectorAll<HTMLElement>("[data-entree]")) this.askInside(entry, input, answers, isAsked);
    } else this.oblige(question, isAsked);
    if (isAsked) answers[name] = this.answer(question, input, this.settings.kinds[name] ?? "");
  }

  private askInside(entry: HTMLElement, group: string, outer: Answers, isAsked: boolean): void {
    const answers: Record<string, unknown> = { ...outer };
    const isFilled = this.isEntryFilled(entry);
    for (const question of entry.querySelectorAll<HTMLElement>("[data-question]")) {
      const input = question.dataset["question"] ?? "";
      const name = input.replace(/^.*-\d+-/, "");
      const condition = this.settings.inside[group]?.[name];
      question.hidden = condition !== undefined && !holds(condition, answers);
      this.oblige(question, isAsked && isFilled && !question.hidden);
      answers[name] = question.hidden ? "" : this.answer(question, input, this.settings.kinds[name] ?? "");
    }
  }

  private isEntryFilled(entry: HTMLElement): boolean {
    return [...entry.querySelectorAll<Input>("input, textarea, select")].some((input) =>
      input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox") ? input.checked : input.value.trim() !== "",
    );
  }

  /** Browsers insist on what is asked alone, and tell what they can. */
  private oblige(question: HTMLElement, isAsked: boolean): void {
    const inputs = [...question.querySelectorAll<Input>("input, textarea, select")].filter((input) => input.name);
    const isRequired = isAsked && "required" in question.dataset;
    for (const input of inputs) input.setCustomValidity(isAsked ? this.fault(input) : "");
    const [first] = inputs;
    if (!first) return;
    const kind = question.dataset["kind"];
    if (kind === "several" || kind === "point") {
      const isEmpty = kind === "several" ? !inputs.some((input) => (input as HTMLInputElement).checked) : !inputs.some((input) => input.value.trim());
      if (isRequired && isEmpty) first.setCustomValidity(say(this.words, "required"));
    } else for (const input of inputs) input.required = isRequired;
  }

  private fault(input: Input): string {
    const kind = input.dataset["nombre"];
    const text = input.value.replace(/[\s\u202f\u00a0]/g, "");
    if (!kind || !text) return "";
    if (!NUMBER.test(text)) return say(this.words, "number");
    const number = decimal(text);
    if (kind === "integer" && !Number.isInteger(number)) return say(this.words, "whole");
    const [least, most] = [input.dataset["min"] ?? "", input.dataset["max"] ?? ""];
    if (least && number < decimal(least)) return say(this.words, "least", { bound: least });
    return most && number > decimal(most) ? say(this.words, "most", { bound: most }) : "";
  }

  private answer(question: HTMLElement, input: string, kind: string): unknown {
    const data = new FormData(this.form);
    const text = String(data.get(input) ?? "").trim();
    if (kind === "several") return data.getAll(input).map(String);
    if (kind === "integer" || kind === "decimal") return NUMBER.test(text.replace(/\s/g, "")) ? decimal(text.replace(/\s/g, "")) : text;
    if (kind === "photo") return (question.querySelector<HTMLInputElement>("input[type=file]")?.files?.length ?? 0) > 0 ? "x" : "";
    if (kind === "point" || kind === "repeat") {
      return [...question.querySelectorAll<HTMLInputElement>("input, textarea, select")].some((one) => one.value.trim()) ? "x" : "";
    }
    return text;
  }
}

function decimal(text: string): number {
  return Number(text.replace(",", "."));
}

/** Show beside each question what the server says of it; the first one has the focus. */
export function showFaults(form: HTMLFormElement, faults: readonly { name: string; text: string }[]): void {
  const told = new Map(faults.map((fault) => [fault.name, fault.text]));
  for (const place of form.querySelectorAll<HTMLElement>("[data-erreur]")) {
    const name = place.dataset["erreur"] ?? "";
    const text = told.get(name) ?? "";
    place.textContent = text;
    place.hidden = !text;
    const question = place.closest<HTMLElement>("[data-question]");
    question?.classList.toggle("wrong", text !== "");
    for (const input of question?.querySelectorAll<Input>(`[name="${name}"]`) ?? []) {
      if (text) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
  form.querySelector<HTMLElement>(".wrong:not([hidden]) :is(input, textarea, select)")?.focus();
}
