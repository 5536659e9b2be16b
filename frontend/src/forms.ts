// Forms that send themselves: `data-submit` on a field or a form; the address tells all, the focus comes back where it was.

const FOCUS = "parvis:focus";

export function enhanceForms(): void {
  document.addEventListener("change", (event) => {
    const field = event.target as HTMLElement;
    const form = field.closest("form");
    if (!form || !(field.hasAttribute("data-submit") || form.hasAttribute("data-submit"))) return;
    remember(field);
    form.requestSubmit();
  });
  // Buttons that only serve readers without JavaScript.
  for (const button of document.querySelectorAll<HTMLElement>("[data-submit-button]")) button.hidden = true;
  document.addEventListener("submit", (event) => dropEmptyFields(event));
  restore();
  openOnWideScreens();
}

/** A GET form leaves its empty fields out of the address, so that addresses can be shared. */
function dropEmptyFields(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (form.method !== "get") return;
  const empty = fieldsOf(form).filter(saysNothing);
  for (const field of empty) field.disabled = true;
  setTimeout(() => {
    for (const field of empty) field.disabled = false;
  });
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function fieldsOf(form: HTMLFormElement): Field[] {
  const kinds = [HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement];
  const fields = [...form.elements].filter((one): one is Field => kinds.some((kind) => one instanceof kind));
  return fields.filter((one) => one.name !== "" && !one.disabled);
}

/** The fields of a line of filters go together: they are read by their ranks. */
function saysNothing(field: Field): boolean {
  const column = field.closest(".filter")?.querySelector<HTMLSelectElement>("[name=colonne]");
  return (column ?? field).value === "";
}

/** The fields that say something, as an address bears them. */
export function queryOf(form: HTMLFormElement): string {
  const checked = (one: Field): boolean => !(one instanceof HTMLInputElement) || one.checked || !/^(checkbox|radio)$/.test(one.type);
  const said = fieldsOf(form).filter((one) => !saysNothing(one) && checked(one));
  return new URLSearchParams(said.map((one) => [one.name, one.value])).toString();
}

function remember(field: HTMLElement): void {
  if (!field.id) return;
  try {
    sessionStorage.setItem(FOCUS, JSON.stringify({ page: location.pathname, id: field.id, y: scrollY }));
  } catch {
    // Storage refused by the browser: the page simply opens at its top.
  }
}

function restore(): void {
  try {
    const kept = sessionStorage.getItem(FOCUS);
    sessionStorage.removeItem(FOCUS);
    if (!kept) return;
    const { page, id, y } = JSON.parse(kept) as { page: string; id: string; y: number };
    if (page !== location.pathname) return;
    document.getElementById(id)?.focus({ preventScroll: true });
    scrollTo({ top: y, behavior: "instant" });
  } catch {
    // The same: nothing was kept.
  }
}

/** `details[data-wide-open]` are open where there is room, closed on a phone. */
function openOnWideScreens(): void {
  const wide = matchMedia("(min-width: 60rem)");
  const set = (): void => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-wide-open]")) {
      details.open = wide.matches;
    }
  };
  if (wide.matches) set();
  wide.addEventListener("change", set);
}
