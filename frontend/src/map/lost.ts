// A map whose drawing the browser has thrown away: short of memory, its graphics process ended, a telephone that slept.
import type { Map as MapLibre } from "maplibre-gl";

/** Milliseconds for the browser to give the drawing back, which it does by itself when it can. */
const PATIENCE = 8_000;

/** Call `gone` when the drawing of this map was lost and has not come back: nothing would be drawn any more. */
export function watchDrawing(map: MapLibre, gone: () => void): void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  map.on("webglcontextlost", () => {
    clearTimeout(waiting);
    waiting = setTimeout(gone, PATIENCE);
  });
  for (const event of ["webglcontextrestored", "remove"] as const) map.on(event, () => clearTimeout(waiting));
}
