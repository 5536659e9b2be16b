// `<button data-copy="#element">` copies the text of an element, `data-copy-text` a text; `data-copied` is shown meanwhile.

const SHOWN = 2500;

export function enhanceCopy(): void {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy], [data-copy-text]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-copy], [data-copy-text]");
    if (button) void copy(button);
  });
}

/** Its words, without what the lines of the page put between them; code keeps its lines. */
function wordsOf(source: Element | null): string | undefined {
  const text = source?.textContent?.trim();
  return source?.closest("pre, code") ? text : text?.replace(/\s+/g, " ");
}

async function copy(button: HTMLElement): Promise<void> {
  const { copy: selector, copyText, copied } = button.dataset;
  const source = selector ? document.querySelector(selector) : null;
  const text = copyText ?? (source instanceof HTMLInputElement || source instanceof HTMLTextAreaElement ? source.value : wordsOf(source));
  if (!text) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The browser refused: the text is still on the page, to be selected.
    return;
  }
  if (!copied || button.dataset.label) return;
  button.dataset.label = button.textContent ?? "";
  button.setAttribute("aria-live", "polite");
  button.textContent = copied;
  setTimeout(() => {
    button.textContent = button.dataset.label ?? "";
    delete button.dataset.label;
  }, SHOWN);
}
