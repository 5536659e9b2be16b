// By keyboard, what is at the centre of the map is what is pointed at: its value is said, Enter opens it.
import type { Map as MapLibre } from "maplibre-gl";
import type { Cards } from "./cards";

/** Pixels from the centre in which the nearest thing is looked for. */
export const NEAREST = 18;

export interface Pointed {
  place: [number, number];
  lines: string[];
  open(closed: () => void): void;
}

/** Say what `find` finds at a point of the screen, while the map has the focus of the keyboard. */
export function watchCentre(map: MapLibre, cards: Cards, find: (x: number, y: number) => Pointed | null): void {
  const canvas = map.getCanvas();
  const central = (): Pointed | null => find(canvas.clientWidth / 2, canvas.clientHeight / 2);
  const look = (): void => {
    if (!canvas.matches(":focus-visible")) return;
    const pointed = central();
    if (pointed) cards.hover(pointed.place, pointed.lines, true);
    else cards.leave();
  };
  map.on("idle", look);
  canvas.addEventListener("focus", look);
  canvas.addEventListener("blur", () => cards.leave());
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const pointed = central();
    if (!pointed) return;
    event.preventDefault();
    pointed.open(() => canvas.focus());
  });
}
