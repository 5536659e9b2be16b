// `<input type="checkbox" data-everything="id">`: ticks every box of that name in its form, or none. The lists of records have a
// box that Wagtail’s own script wires: it is shown like the others.

export function enhanceEverything(): void {
  show();
  document.addEventListener("w-swap:success", show); // a list that was filtered again
  document.addEventListener("change", (event) => {
    const ticked = event.target as HTMLInputElement;
    const name = ticked.dataset?.everything;
    if (name) for (const box of boxes(ticked, name)) box.checked = ticked.checked;
    else if (ticked.type === "checkbox")
      for (const all of document.querySelectorAll<HTMLInputElement>("[data-everything]"))
        if (all.form === ticked.form && all.dataset.everything === ticked.name) {
          const ranks = boxes(all, ticked.name).map((box) => box.checked);
          all.checked = ranks.every(Boolean);
          all.indeterminate = !all.checked && ranks.some(Boolean);
        }
  });
}

function boxes(all: HTMLInputElement, name: string): HTMLInputElement[] {
  const named = [...(all.form?.elements ?? [])] as HTMLInputElement[];
  return named.filter((box) => box.name === name && box.type === "checkbox");
}

function show(): void {
  for (const label of document.querySelectorAll<HTMLElement>(".bo-everything")) label.hidden = false;
}
