// The text of a map's bubble, where `{name}` is the value of a column: columns are put in from a list and read by their labels, while
// the field keeps their technical names. Without this script the names are written by hand.
//
// <select data-popup="id of the field" hidden> has a column an option, after the words of the list itself.

const PLACE = /\{([^{}\n]{1,200})\}/g;

/** Put lists over the fields below `root` that have one in the page. */
export function popupTexts(root: ParentNode): void {
  for (const list of root.querySelectorAll<HTMLSelectElement>("select[data-popup][hidden]")) {
    const field = document.getElementById(list.dataset.popup ?? "");
    if (field instanceof HTMLTextAreaElement) popupText(field, list);
  }
}

/** Show a field by the labels of a list; what is given draws it again once the list is another. */
export function popupText(field: HTMLTextAreaElement, list: HTMLSelectElement): () => void {
  const shown = document.createElement("textarea");
  Object.assign(shown, { id: `${field.id}-mots`, rows: field.rows });
  const hint = field.getAttribute("aria-describedby");
  if (hint) shown.setAttribute("aria-describedby", hint);
  for (const label of field.labels) label.htmlFor = shown.id;
  field.hidden = true;
  list.hidden = false;
  list.classList.add("popup-columns");
  field.after(list, shown);
  const draw = (): void => {
    shown.value = replaced(field.value, wordsByName(list));
  };
  const keep = (): void => {
    field.value = replaced(shown.value, new Map([...wordsByName(list)].map(([name, words]) => [words, name])));
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  shown.addEventListener("input", keep);
  field.addEventListener("change", draw);
  list.addEventListener("change", () => {
    if (!list.value) return;
    const words = wordsByName(list).get(list.value) ?? list.value;
    shown.setRangeText(`{${words}}`, shown.selectionStart, shown.selectionEnd, "end");
    list.value = "";
    keep();
    shown.focus();
  });
  draw();
  return draw;
}

/** The labels that say one column alone; the others are called by their names. */
function wordsByName(list: HTMLSelectElement): Map<string, string> {
  const options = [...list.options].filter((option) => option.value);
  const names = new Set(options.map((option) => option.value));
  const isClear = (words: string): boolean =>
    !/[{}\n]/.test(words) && !names.has(words) && options.filter((option) => option.text === words).length === 1;
  return new Map(options.map((option) => [option.value, isClear(option.text) ? option.text : option.value]));
}

function replaced(text: string, words: Map<string, string>): string {
  return text.replace(PLACE, (whole, inner: string) => (words.has(inner.trim()) ? `{${words.get(inner.trim()) ?? ""}}` : whole));
}
