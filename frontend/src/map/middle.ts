import type { MapGeoJSONFeature } from "maplibre-gl";

/** A place on the feature: its point, else the middle vertex of its first part on screen. */
export function middle(feature: MapGeoJSONFeature): [number, number] {
  const geometry = feature.geometry;
  if (geometry.type === "GeometryCollection") return [0, 0];
  const path: number[][] = [];
  collect(geometry.coordinates as unknown[], path);
  if (geometry.type.endsWith("Polygon")) {
    const xs = path.map((place) => place[0] ?? 0);
    const ys = path.map((place) => place[1] ?? 0);
    return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  }
  const place = path[Math.floor(path.length / 2)] ?? [0, 0];
  return [place[0] ?? 0, place[1] ?? 0];
}

function collect(values: unknown[], path: number[][]): void {
  if (typeof values[0] === "number") path.push(values as number[]);
  else for (const value of values) collect(value as unknown[], path);
}
