// What is proposed while somebody types: <input data-suggest="/address/?…"> has its list filled with what `address&mots=…` answers,
// {"values": […]}. Without this script the list stays as the server wrote it, and anything may be typed.

const WAIT = 200;
const MOST_REMEMBERED = 200;
const remembered = new Map<string, string[]>();
let timer = 0;
let number = 0;
let request: AbortController | undefined;

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.dataset.suggest) return;
  clearTimeout(timer);
  request?.abort();
  const words = field.value.trim();
  // What was just chosen in the list needs no other.
  if (!words || [...listOf(field).options].some((option) => option.value === field.value)) return;
  timer = window.setTimeout(() => void suggest(field, words), WAIT);
});

async function suggest(field: HTMLInputElement, words: string): Promise<void> {
  const address = new URL(field.dataset.suggest ?? "", document.baseURI);
  address.searchParams.set("mots", words);
  const { signal } = (request = new AbortController());
  try {
    let values = remembered.get(address.href);
    if (!values) {
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      ({ values } = (await answer.json()) as { values: string[] });
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(address.href, values);
    }
    if (!field.isConnected || signal.aborted) return;
    listOf(field).replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value })));
  } catch {
    // Somebody types on, or the network is away.
  }
}

function listOf(field: HTMLInputElement): HTMLDataListElement {
  if (field.list instanceof HTMLDataListElement) return field.list;
  number += 1;
  const list = document.createElement("datalist");
  list.id = `propositions-${number}`;
  field.after(list);
  field.setAttribute("list", list.id);
  return list;
}
