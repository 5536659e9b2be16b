// Charts of a page: each `figure[data-chart]` shows the server's picture; here it is drawn again from the same specification,
// so that its marks tell their values under the pointer and follow the page's colours. The library weighs as much as a page: it
// comes when a chart is pointed at, or when its picture is not in the colours that the reader chose. Without this script nothing
// is missing.
import { currentTheme, THEME_CHANGED } from "./theme";
import type { Drawn, Mark } from "./chart/drawing";
import { enhanceMaker } from "./making";
import { openTrail } from "./trail";

const NARROW = matchMedia("(max-width: 40rem)");
const DARK = matchMedia("(prefers-color-scheme: dark)");

const drawn = new WeakMap<HTMLElement, Drawn>();

async function show(frame: HTMLElement): Promise<void> {
  const address = frame.dataset.chart;
  const area = frame.querySelector<HTMLElement>("[data-chart-area]");
  if (!address || !area) return;
  const url = new URL(address, document.baseURI);
  url.searchParams.set("theme", currentTheme());
  url.searchParams.set("taille", NARROW.matches ? "narrow" : "wide");
  if (frame.dataset.chartShown === url.href) return;
  frame.dataset.chartShown = url.href;
  try {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok) return;
    const specification: unknown = await response.json();
    const wanted = (): boolean => frame.dataset.chartShown === url.href; // or another was asked meanwhile
    if (!wanted()) return;
    const { draw } = await import("./chart/drawing"); // the library: only when a chart is in sight
    const latter = await draw(area, specification, wanted, (mark, event) => follow(frame, area, mark, event));
    if (!latter) return;
    drawn.get(frame)?.end();
    drawn.set(frame, latter);
  } catch {
    if (frame.dataset.chartShown === url.href) delete frame.dataset.chartShown; // the server's picture stays
  }
}

/** The trail of the same value in the table: of a row or of a box, that of the value which its rank names. */
function valueOf(frame: HTMLElement, mark: Mark): HTMLAnchorElement | undefined {
  const links = [...frame.querySelectorAll<HTMLAnchorElement>(".chart-table a.trail")];
  if (mark.i !== undefined) return links.find((link) => link.dataset.rank === String(mark.i));
  const same = links.filter((link) => link.dataset.group === mark.g && link.dataset.series === (mark.s ?? ""));
  return same.find((link) => link.dataset.rank !== undefined) ?? same[0];
}

/** The trail of all the values of a chart, with what the mark tells, where the table has none of its own for it. */
function originOf(frame: HTMLElement, mark: Mark): HTMLAnchorElement | undefined {
  const origins = [...frame.querySelectorAll<HTMLAnchorElement>("a.chart-origin")];
  const whole = origins.find((link) => JSON.parse(link.dataset.series ?? "[]").includes(mark.s ?? "")) ?? origins[0];
  if (!whole || (origins.length > 1 && mark.s === undefined)) return undefined;
  const link = whole.cloneNode(true) as HTMLAnchorElement;
  if (mark.d) {
    link.textContent = mark.d;
    link.dataset.trail = JSON.stringify([[link.dataset.valueLabel, mark.d], ...JSON.parse(link.dataset.trail ?? "[]")]);
  }
  return link;
}

/** The trail of a mark that was clicked, shown where the mark is. */
function follow(frame: HTMLElement, area: HTMLElement, mark: Mark, event: MouseEvent): void {
  area.querySelector(".chart-picked")?.remove();
  const found = valueOf(frame, mark)?.cloneNode(true) ?? originOf(frame, mark);
  if (!found) return;
  const place = document.createElement("span");
  place.className = "chart-picked";
  const link = place.appendChild(found as HTMLAnchorElement);
  link.removeAttribute("aria-describedby");
  area.append(place);
  const around = area.getBoundingClientRect();
  const left = Math.min(event.clientX - around.left, around.width - place.offsetWidth - 4);
  const top = Math.min(event.clientY - around.top, around.height - place.offsetHeight - 4);
  place.style.left = `${Math.max(left, 0)}px`;
  place.style.top = `${Math.max(top, 0)}px`;
  // Once this click is over: it closes the card that was open.
  setTimeout(() => openTrail(link));
}

/** Whether the server's picture has the colours of the page: it only knows those of the reader's system. */
function pictureFits(): boolean {
  return currentTheme() === (DARK.matches ? "dark" : "light");
}

/** Draw a chart that is pointed at; a tap that came before its marks did is theirs. */
async function wake(frame: HTMLElement): Promise<void> {
  const waiting = new AbortController();
  let tap: MouseEvent | undefined;
  frame.addEventListener("click", (event) => (tap = event), { signal: waiting.signal });
  await show(frame);
  waiting.abort();
  if (tap) document.elementFromPoint(tap.clientX, tap.clientY)?.dispatchEvent(new MouseEvent("click", tap));
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const frame = entry.target as HTMLElement;
      if (entry.isIntersecting && !pictureFits()) void show(frame);
    }
  },
  { rootMargin: "200px" },
);

function watch(frame: HTMLElement): void {
  seen.observe(frame);
  frame.querySelector("[data-chart-area]")?.addEventListener("pointerenter", () => void wake(frame), { once: true });
}

/** Watch every chart at and below `root`. */
export function enhanceCharts(root: ParentNode = document): void {
  if (root instanceof HTMLElement && root.matches("figure[data-chart]")) watch(root);
  for (const frame of root.querySelectorAll<HTMLElement>("figure[data-chart]")) watch(frame);
}

function again(): void {
  for (const frame of document.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    if (frame.dataset.chartShown) void show(frame);
    else {
      seen.unobserve(frame); // to be told again whether it is near
      seen.observe(frame);
    }
  }
}

document.addEventListener(THEME_CHANGED, again);
NARROW.addEventListener("change", again);
enhanceCharts();
enhanceMaker("chart", enhanceCharts);
