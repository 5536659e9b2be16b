// `<form data-alike="ADDRESS" data-alike-title="…">`: rows that the one being typed may be, under the title of the form.
// The server asks the same when the form is sent.

interface Alike {
  title: string;
  address: string;
  details: string;
}

const PAUSE = 600; // milliseconds without a key
const RETRIES = [2_000, 10_000]; // after an answer that did not come: a server that is busy is asked less and less

export function enhanceAlike(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-alike]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const here = form.querySelector<HTMLElement>("[data-alike-here]");
  const address = form.dataset.alike;
  if (!here || !address) return;
  here.setAttribute("aria-live", "polite");
  let timer = 0;
  // What the server proposed is for what the form holds; nothing was proposed for what was typed before this script came.
  let last = here.hidden ? "" : typed();
  const later = (pause: number, lost = 0): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(lost), pause);
  };
  form.addEventListener("input", () => later(PAUSE));
  later(0);

  function typed(): string {
    const values = [...new FormData(form)].filter(([name, value]) => name.startsWith("valeur.") && typeof value === "string" && value !== "");
    return new URLSearchParams(values as [string, string][]).toString();
  }

  async function look(lost: number): Promise<void> {
    const query = typed();
    if (query === last) return;
    last = query;
    const rows = await ask(`${address}?${query}`);
    if (query !== last) return; // other words were typed meanwhile
    if (rows) return show(rows);
    last = "";
    const pause = RETRIES[lost];
    // Then nothing is proposed until something else is typed: the server looks again when the form is sent.
    if (pause) later(pause, lost + 1);
  }

  function show(rows: Alike[]): void {
    if (!here) return;
    here.hidden = rows.length === 0;
    const box = document.createElement("div");
    box.className = "message warning";
    const title = box.appendChild(document.createElement("p")).appendChild(document.createElement("strong"));
    title.textContent = form.dataset.alikeTitle ?? "";
    const list = box.appendChild(document.createElement("ul"));
    for (const row of rows) {
      const item = list.appendChild(document.createElement("li"));
      const link = item.appendChild(document.createElement("a"));
      link.href = row.address;
      link.textContent = row.title;
      if (row.details) item.append(" ", Object.assign(document.createElement("span"), { className: "small", textContent: row.details }));
    }
    here.replaceChildren(...(rows.length ? [box] : []));
  }
}

async function ask(address: string): Promise<Alike[] | undefined> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()) as { rows: Alike[] }).rows : undefined;
  } catch {
    return undefined;
  }
}
