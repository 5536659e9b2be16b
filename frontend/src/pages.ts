// The editor of pages, in the back office: fields for columns offer those of the dataset that their block has chosen.
//
// <input data-parvis-column="measure">: a datalist is filled from /admin/contenus/colonnes/?jeu=…&role=measure. Plain text works too.

import { nameParts } from "./naming";

interface Column {
  name: string;
  label: string;
}

const known = new Map<string, Promise<Column[]>>();
let number = 0;

document.addEventListener("focusin", (event) => {
  const field = event.target as HTMLElement;
  if (field instanceof HTMLInputElement && field.dataset.parvisColumn) void offer(field);
});

async function offer(field: HTMLInputElement): Promise<void> {
  const dataset = datasetOf(field);
  if (!dataset) return;
  const role = field.dataset.parvisColumn ?? "any";
  const columns = await columnsOf(dataset, role);
  if (!field.isConnected) return;
  const list = listOf(field);
  const several = role === "several";
  const before = several ? field.value.slice(0, field.value.lastIndexOf(",") + 1).trim() : "";
  list.replaceChildren(
    ...columns.map((column) => {
      const option = document.createElement("option");
      option.value = before ? `${before} ${column.name}` : column.name;
      option.label = column.label;
      return option;
    }),
  );
}

// The nearest block around the field that has a dataset of its own.
function datasetOf(field: HTMLElement): string {
  for (let around = field.parentElement; around; around = around.parentElement) {
    const chosen = around.querySelector<HTMLSelectElement>('select[name$="-dataset"]');
    if (chosen) return chosen.value;
  }
  return "";
}

function columnsOf(dataset: string, role: string): Promise<Column[]> {
  const address = `/admin/contenus/colonnes/?${new URLSearchParams({ jeu: dataset, role }).toString()}`;
  const before = known.get(address);
  if (before) return before;
  const asked = fetch(address, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? (answer.json() as Promise<{ columns: Column[] }>) : { columns: [] }))
    .then((body) => body.columns)
    .catch(() => []);
  known.set(address, asked);
  return asked;
}

function listOf(field: HTMLInputElement): HTMLDataListElement {
  const there = field.list;
  if (there) return there;
  const made = document.createElement("datalist");
  number += 1;
  made.id = `colonnes-${number}`;
  field.after(made);
  field.setAttribute("list", made.id);
  return made;
}

if (document.readyState === "complete") nameParts();
else addEventListener("load", nameParts);
