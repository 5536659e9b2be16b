// The trail: a figure that comes from data opens a small card that says where it comes from.
//
// <a class="trail" href="…" data-trail='[["Valeur","38"],["Version","…"]]' data-trail-links='[["Voir les lignes","/…"]]'>38</a>
// Facts and links that the figures of a page share stand once in the element that data-trail-base names; its data-trail-way
// says what the page is that each of them leads to.
// Without JavaScript it is a link to the same facts.

const WAIT = 180;

let card: HTMLElement | null = null;
let owner: HTMLAnchorElement | null = null;
let timer = 0;

export function enhanceTrail(): void {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const place = event.target as Element;
    const link = figure(place);
    if (link) later(() => openTrail(link));
    else if (card?.contains(place)) clearTimeout(timer);
    else if (card) later(close);
  });
  document.addEventListener("focusin", (event) => {
    const place = event.target as Element;
    const link = figure(place);
    if (link && link.matches(":focus-visible")) openTrail(link);
    else if (card && !card.contains(place) && place !== owner) close();
  });
  document.addEventListener("click", (event) => {
    const place = event.target as Element;
    const link = figure(place);
    if (link && matchMedia("(hover: none)").matches && link !== owner) {
      event.preventDefault();
      openTrail(link);
    } else if (card && !card.contains(place)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !card) return;
    // Focus goes back before the card is closed: a figure that gets focus without a card opens one.
    if (card.contains(document.activeElement)) owner?.focus();
    close();
  });
  addEventListener("resize", close);
  // Focus may scroll the page or a table: the card follows its figure.
  document.addEventListener("scroll", () => card && owner && place(card, owner), { capture: true, passive: true });
}

function figure(place: Element): HTMLAnchorElement | null {
  return place.closest<HTMLAnchorElement>("a[data-trail]");
}

function later(act: () => void): void {
  clearTimeout(timer);
  timer = window.setTimeout(act, WAIT);
}

/** Open the card of a figure. */
export function openTrail(link: HTMLAnchorElement): void {
  clearTimeout(timer);
  if (owner === link) return;
  close();
  card = build(link);
  owner = link;
  link.setAttribute("aria-describedby", card.id);
  // Next to its figure, so that Tab goes from the one to the other.
  link.after(card);
  place(card, link);
}

function close(): void {
  clearTimeout(timer);
  owner?.removeAttribute("aria-describedby");
  card?.remove();
  card = owner = null;
}

function build(link: HTMLAnchorElement): HTMLElement {
  const box = document.createElement("span");
  box.className = "trail-card";
  box.id = "trail-card";
  const shared = document.getElementById(link.dataset.trailBase ?? "")?.dataset;
  for (const [label, value] of [...pairs(link.dataset.trail), ...pairs(shared?.trail)]) {
    const row = box.appendChild(document.createElement("span"));
    row.className = "trail-row";
    row.appendChild(textual("trail-label", label));
    row.append(" ");
    row.appendChild(textual("trail-value", value));
  }
  const links = pairs(link.dataset.trailLinks);
  if (shared?.trailWay && !links.length) links.push([shared.trailWay, link.href]);
  links.push(...pairs(shared?.trailLinks));
  if (links.length) {
    const row = box.appendChild(document.createElement("span"));
    row.className = "trail-links";
    for (const [label, address] of links) {
      const anchor = row.appendChild(document.createElement("a"));
      anchor.href = address;
      anchor.textContent = label;
    }
  }
  return box;
}

function textual(kind: string, text: string): HTMLElement {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

function pairs(text: string | undefined): [string, string][] {
  return text ? (JSON.parse(text) as [string, string][]) : [];
}

function place(box: HTMLElement, link: HTMLAnchorElement): void {
  const at = link.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const left = Math.max(8, Math.min(at.left, room - box.offsetWidth - 8));
  const below = at.bottom + box.offsetHeight + 8 < innerHeight || at.top < box.offsetHeight + 8;
  box.style.left = `${left}px`;
  box.style.top = `${below ? at.bottom + 6 : at.top - box.offsetHeight - 6}px`;
}
