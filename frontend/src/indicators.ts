// The form of an indicator, in the back office: its figures are tried while it is written, a moment after the last key.
//
// <form data-indicator> … and <div data-preview> beside it. Without JavaScript « Voir les chiffres » does the same.

import "./menus";

const WAIT = 800;

const form = document.querySelector<HTMLFormElement>("form[data-indicator]");
const preview = document.querySelector<HTMLElement>("[data-preview]");
let timer = 0;
let asked: AbortController | null = null;

if (form && preview) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void show(form, preview), WAIT);
  });
  if (isBegun(form)) void show(form, preview); // typed before this script came
}

/** Whether a field holds something else than what the page came with. */
function isBegun(some: HTMLFormElement): boolean {
  return [...some.elements].some((field) => {
    if (field instanceof HTMLSelectElement) return [...field.options].some((option) => option.selected !== option.defaultSelected && option.value !== "");
    return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) && field.value !== field.defaultValue;
  });
}

async function show(from: HTMLFormElement, into: HTMLElement): Promise<void> {
  asked?.abort();
  asked = new AbortController();
  const body = new FormData(from);
  body.set("acte", "apercu");
  body.set("fragment", "1");
  try {
    const answer = await fetch(location.href, { method: "POST", body, signal: asked.signal });
    if (answer.ok) into.innerHTML = await answer.text();
  } catch {
    // Another was asked, or the network is away: the button still works.
  }
}
