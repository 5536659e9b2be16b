// `<form data-alike="ADDRESS" data-alike-title="…">`: rows that the one being typed may be, under the title of the form.
// The server asks the same when the form is sent.

interface Alike {
  title: string;
  address: string;
  details: string;
}

const PAUSE = 600; // milliseconds without a key

export function enhanceAlike(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-alike]")) watch(form);
}

function watch(form: HTMLFormElement): void {
  const here = form.querySelector<HTMLElement>("[data-alike-here]");
  const address = form.dataset.alike;
  if (!here || !address) return;
  here.setAttribute("aria-live", "polite");
  let timer = 0;
  let last = "";
  form.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void look(), PAUSE);
  });

  async function look(): Promise<void> {
    const typed = [...new FormData(form)].filter(([name, value]) => name.startsWith("valeur.") && typeof value === "string" && value !== "");
    const query = new URLSearchParams(typed as [string, string][]).toString();
    if (query === last) return;
    last = query;
    try {
      const answer = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { rows } = (await answer.json()) as { rows: Alike[] };
      if (query === last) show(rows);
    } catch {
      // Without the network nothing is proposed: the server looks again when the form is sent.
    }
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
