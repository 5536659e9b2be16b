// Tabs: sections that open (details) become a list of tabs, one section shown at a time. Without JavaScript they stay sections.

let number = 0;

export function enhanceTabs(): void {
  document.querySelectorAll<HTMLElement>("[data-tabs]").forEach(tabbed);
}

function tabbed(area: HTMLElement): void {
  const sections = [...area.querySelectorAll<HTMLDetailsElement>(":scope > details")];
  if (sections.length < 2) return;
  const list = document.createElement("div");
  list.className = "tab-list";
  list.setAttribute("role", "tablist");
  const title = area.querySelector(":scope > h2");
  if (title) list.setAttribute("aria-label", title.textContent ?? "");
  const tabs = sections.map((section) => tab(section));
  tabs.forEach((one, rank) => {
    one.addEventListener("click", () => show(sections, tabs, rank));
    one.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next =
        event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step ? (rank + step + tabs.length) % tabs.length : -1;
      if (next < 0) return;
      event.preventDefault();
      show(sections, tabs, next);
      tabs[next]?.focus();
    });
  });
  list.append(...tabs);
  sections[0]?.before(list);
  area.classList.add("tabbed");
  show(sections, tabs, Math.max(0, sections.findIndex((section) => section.contains(target()))));
}

function target(): Element | null {
  return location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
}

function tab(section: HTMLDetailsElement): HTMLButtonElement {
  const panel = section.querySelector<HTMLElement>(":scope > div");
  const made = document.createElement("button");
  number += 1;
  made.id = `onglet-${number}`;
  made.type = "button";
  made.setAttribute("role", "tab");
  made.textContent = section.querySelector("summary")?.textContent ?? "";
  if (panel) {
    panel.id ||= `volet-${number}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", made.id);
    panel.tabIndex = 0;
    made.setAttribute("aria-controls", panel.id);
  }
  return made;
}

function show(sections: HTMLDetailsElement[], tabs: HTMLButtonElement[], chosen: number): void {
  sections.forEach((section, rank) => (section.open = rank === chosen));
  tabs.forEach((one, rank) => {
    one.setAttribute("aria-selected", String(rank === chosen));
    one.tabIndex = rank === chosen ? 0 : -1;
  });
}
