// Names and roles that Wagtail's own screens lack, for those who hear them.

export function labelScreens(): void {
  label();
  document.addEventListener("w-swap:success", label); // a list that was filtered again
  // Wagtail's own scripts write the count of filters and the fields of tags after ours began.
  for (const part of document.querySelectorAll("#filters-drilldown, .w-field__input:has([data-controller~='w-tag'])"))
    new MutationObserver(label).observe(part, { childList: true, characterData: true, subtree: true });
}

function label(): void {
  // The side bar has a search of its own: two landmarks of a kind are told apart by their names.
  name("form[data-search-form]", textOf(document.querySelector("h1")));
  name("input#fileupload", textOf(document.querySelector("h1")));
  for (const field of document.querySelectorAll(".w-field__input .ui-autocomplete-input"))
    field.setAttribute("aria-label", textOf(field.closest(".w-field__wrapper")?.querySelector("label")));
  // How many filters are set is written on their button, whose name must hold what is seen of it.
  const filters = document.querySelector("#filters-drilldown .w-dropdown__toggle");
  const words = filters?.getAttribute("aria-label")?.replace(/ \d+$/, "") ?? "";
  const count = textOf(filters);
  if (words) filters?.setAttribute("aria-label", count ? `${words} ${count}` : words);
  // An alert is no heading: how many rows match is told by what holds the heading.
  for (const heading of document.querySelectorAll("h2[role=alert]")) {
    heading.removeAttribute("role");
    heading.parentElement?.setAttribute("role", "status");
  }
}

function name(selector: string, text: string): void {
  document.querySelector(selector)?.setAttribute("aria-label", text);
}

function textOf(element: Element | null | undefined): string {
  return element?.textContent.trim().replace(/\s+/g, " ") ?? "";
}
