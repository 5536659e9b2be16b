// A card of the map stays inside it, however narrow the map and however long the card.
import type { LngLatLike, Map as MapLibre, Popup } from "maplibre-gl";

const EDGE = 8;
/** Between a card and its place. */
export const OFFSET = 12;
const WIDEST = 320;
/** Pixels kept above or below the card for the place that it tells of. */
const PLACE = 40;

/** Bound the card by its map; when it stands out, bring its place under it in the middle of the map. */
export function giveRoom(map: MapLibre, card: Popup, place: LngLatLike): void {
  const area = map.getContainer().getBoundingClientRect();
  card.setMaxWidth(`${Math.min(WIDEST, area.width - 2 * EDGE)}px`);
  const box = card.getElement();
  const content = box.querySelector<HTMLElement>(".maplibregl-popup-content");
  if (content) content.style.maxHeight = `${Math.min(WIDEST, area.height - PLACE - EDGE)}px`;
  card.setLngLat(place); // its side is chosen anew, by its present size
  const at = box.getBoundingClientRect();
  const inside = at.left >= area.left && at.right <= area.right && at.top >= area.top && at.bottom <= area.bottom;
  if (inside) return;
  const now = map.project(place);
  map.panBy([now.x - area.width / 2, now.y - (at.height + OFFSET + EDGE)], { animate: false });
}
