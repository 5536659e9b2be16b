// Names that Wagtail leaves out of its forms: of rich text, whose label stands for a hidden field; of fields alone in a block,
// which has the words in its heading. Blocks inside blocks are groups: as landmarks, many would bear the same name.

const FIELDS = ".public-DraftEditor-content, section.w-panel--nested .w-field__input > :is(select, input, textarea)";

/** Name what is there, and what comes. */
export function nameParts(): void {
  let waiting = false;
  const name = (): void => {
    waiting = false;
    for (const section of document.querySelectorAll("section.w-panel--nested:not([role])")) section.setAttribute("role", "group");
    for (const field of document.querySelectorAll<HTMLElement>(FIELDS)) {
      if (!field.ariaLabel && !(field as HTMLInputElement).labels?.length) field.ariaLabel = wordsOf(field);
    }
  };
  name();
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(name);
  }).observe(document.body, { childList: true, subtree: true });
}

function wordsOf(field: HTMLElement): string | null {
  const label = field.closest(".w-field__wrapper")?.querySelector("label");
  const heading = field.closest("section")?.querySelector("[data-panel-heading]");
  const words = (label ?? heading)?.textContent ?? "";
  return words.replaceAll("*", "").replace(/\s+/g, " ").trim() || null;
}
