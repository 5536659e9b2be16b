// Tabs that are wider than the screen: the one that is open is brought to the middle.

export function showCurrentTab(): void {
  for (const strip of document.querySelectorAll<HTMLElement>(".tabs")) {
    const current = strip.querySelector<HTMLElement>("[aria-current]");
    if (!current || strip.scrollWidth <= strip.clientWidth) continue;
    const place = current.getBoundingClientRect().left - strip.getBoundingClientRect().left + strip.scrollLeft;
    strip.scrollLeft = place - (strip.clientWidth - current.offsetWidth) / 2;
  }
}
