// What lies under the data: the ground that ships (France, its communes, rivers, lakes), and on it the base map that the operator
// built of OpenStreetMap, or IGN's Plan. Where one of these has nothing, the ground is seen.
import type { MultiPolygon } from "geojson";
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, SourceSpecification, SymbolLayerSpecification } from "maplibre-gl";
import { colour } from "./colours";
import type { Base, Detail } from "./types";

export const FONT = ["Atkinson Hyperlegible Next Variable", "Arial", "sans-serif"];

type Expression = ExpressionSpecification;

/** The zoom from which the built base map is more precise than the ground: its lakes are enough. */
const PRECISE = 9;
/** The zoom from which it has borders of communes. */
const COMMUNES = 10;
const dark = (): boolean => document.documentElement.dataset["theme"] === "dark"
  || (document.documentElement.dataset["theme"] !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);

export function groundSources(base: Base): Record<string, SourceSpecification> {
  const sources: Record<string, SourceSpecification> = {
    base: { type: "vector", tiles: [location.origin + base.tiles], maxzoom: base.maxzoom, attribution: base.credit },
  };
  if (base.detail) {
    const { tiles, minzoom, maxzoom, box, credit } = base.detail;
    sources["detail"] = { type: "vector", tiles: [location.origin + tiles], minzoom, maxzoom, bounds: box, attribution: credit };
  }
  if (base.plan) {
    const { tiles, maxzoom, credit } = base.plan;
    sources["plan"] = { type: "raster", tiles: [location.origin + tiles], tileSize: 256, maxzoom, attribution: credit };
  }
  return sources;
}

/** All that is drawn under the data. Under IGN's Plan the ground has its names: they are read where the Plan does not come. */
export function groundLayers(base: Base): LayerSpecification[] {
  if (base.plan) return [...ownGround(null), ...ownNames(null, false), plan()];
  return [...ownGround(base.detail ?? null), ...(base.detail ? detailGround() : [])];
}

/** Names of places, over shaded areas and under points; stronger ones are read over the former. */
export function nameLayers(base: Base, strong = false): LayerSpecification[] {
  if (base.plan) return [];
  return [...ownNames(base.detail ?? null, strong), ...(base.detail ? detailNames(strong) : [])];
}

function plan(): LayerSpecification {
  // Muted, so that the data stand out on it; in the dark its white paper becomes black, and its hues stay what they were.
  const paint = dark()
    ? { "raster-saturation": -0.5, "raster-hue-rotate": 180, "raster-brightness-min": 0.75, "raster-brightness-max": 0.08 }
    : { "raster-saturation": -0.5, "raster-brightness-min": 0.12 };
  return { id: "plan", type: "raster", source: "plan", paint };
}

// The ground that ships

function outside(coverage?: MultiPolygon["coordinates"]): FilterSpecification {
  if (!coverage) return true as unknown as FilterSpecification;
  const ground: MultiPolygon = { type: "MultiPolygon", coordinates: coverage };
  return ["!", ["within", ground]] as FilterSpecification;
}

function ownGround(detail: Detail | null): LayerSpecification[] {
  const part = (name: string) => ({ source: "base", "source-layer": name }) as const;
  const border = (from: number, ...kinds: string[]): FilterSpecification =>
    ["all", ["match", ["get", "kind"], kinds, true, false], ["any", ["<", ["zoom"], from], outside(detail?.coverage)]] as FilterSpecification;
  const lakes = detail ? { maxzoom: PRECISE } : {};
  return [
    { id: "abroad", type: "fill", ...part("abroad"), paint: { "fill-color": colour("--map-abroad"), "fill-antialias": false } },
    { id: "land", type: "fill", ...part("land"), paint: { "fill-color": colour("--stone"), "fill-antialias": false } },
    { id: "lakes", type: "fill", ...part("lakes"), ...lakes, paint: { "fill-color": colour("--map-water") } },
    {
      id: "rivers",
      type: "line",
      ...part("rivers"),
      filter: outside(detail?.wideCoverage),
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour("--map-water"), "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.8, 9, 2, 14, 5] },
    },
    {
      id: "joints",
      type: "line",
      ...part("borders"),
      filter: border(COMMUNES, "commune"),
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--joint-strong", 0.5, "--joint"),
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 10, 1],
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 12, 1.2, 16, 2],
      },
    },
    {
      id: "departments",
      type: "line",
      ...part("borders"),
      filter: border(0, "departement", "region"),
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--joint-strong"),
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 4, 0.45, 9, 1],
        "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.4, 5, 0.6, 10, 1.4, 16, 2.6],
      },
    },
  ];
}

function ownNames(detail: Detail | null, strong: boolean): LayerSpecification[] {
  const part = (name: string) => ({ source: "base", "source-layer": name }) as const;
  const kind = (name: string): Expression => ["==", ["get", "kind"], name];
  return [
    ...waterNames("river-names", part("rivers"), outside(detail?.wideCoverage), 8),
    {
      id: "department-names",
      type: "symbol",
      ...part("names"),
      filter: kind("departement"),
      minzoom: 6,
      maxzoom: 8.5,
      layout: { ...text(12), "text-letter-spacing": 0.06 },
      paint: { ...ink("--ink-soft"), "text-opacity": 0.85 },
    },
    {
      id: "names",
      type: "symbol",
      ...part("names"),
      filter: ["all", kind("commune"), outside(detail?.coverage)] as FilterSpecification,
      layout: {
        ...BESIDE,
        ...text(["interpolate", ["linear"], ["zoom"], 8, 12, 13, ["step", ["get", "people"], 13, 20_000, 16]]),
        "symbol-sort-key": ["-", ["get", "people"]],
      },
      paint: ink(strong ? "--ink" : "--ink-soft", strong ? 2 : 1.6),
    },
  ];
}

// OpenStreetMap

const DETAIL = { source: "detail" } as const;
const LAND: Record<string, string> = {
  ground: "--stone",
  wood: "--map-wood",
  park: "--map-park",
  grass: "--map-park",
  sport: "--map-park",
  heath: "--map-park",
  crops: "--map-park",
  wetland: "--map-wet",
  sand: "--map-sand",
  glacier: "--paper",
  built: "--map-built",
  works: "--map-works",
  civic: "--map-works",
  parking: "--map-works",
};

function detailGround(): LayerSpecification[] {
  const fills = Object.entries(LAND).flatMap(([kind, token]) => [kind, colour(token)]);
  const water = colour("--map-water");
  const kinds = (layer: string, ...names: string[]) =>
    ({ ...DETAIL, "source-layer": layer, filter: ["match", ["get", "kind"], names, true, false] as FilterSpecification }) as const;
  return [
    // The coast of the tiles is true to the metre, that of the ground to fifty: both sides of it are painted again.
    { id: "shore", type: "fill", ...kinds("land", "ground"), paint: { "fill-color": colour("--stone"), "fill-antialias": false } },
    { id: "sea", type: "fill", ...kinds("water", "sea"), paint: { "fill-color": colour("--map-sea"), "fill-antialias": false } },
    {
      id: "covers",
      type: "fill",
      ...DETAIL,
      "source-layer": "land",
      filter: ["!=", ["get", "kind"], "ground"],
      layout: { "fill-sort-key": ["match", ["get", "kind"], ["built"], 0, ["wood", "heath", "crops"], 1, 2] },
      paint: { "fill-color": ["match", ["get", "kind"], ...fills, colour("--stone")] as unknown as Expression },
    },
    { id: "waters", type: "fill", ...kinds("water", "lake", "river"), paint: { "fill-color": water } },
    {
      id: "streams",
      type: "line",
      ...DETAIL,
      "source-layer": "waterways",
      filter: ["!", ["has", "tunnel"]],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: {
        "line-color": water,
        "line-width": widths({ 7: [1, 0.6], 11: [2, 0.8], 14: [4, 1.4], 18: [14, 5] }, ["river", "canal"]),
      },
    },
    {
      id: "buildings",
      type: "fill",
      ...DETAIL,
      "source-layer": "buildings",
      minzoom: 13.5,
      paint: {
        "fill-color": colour("--map-building"),
        "fill-outline-color": colour("--map-building-edge"),
        "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0, 14.5, 1],
      },
    },
    ...roads(),
    ...rails(),
    {
      id: "boundaries",
      type: "line",
      ...DETAIL,
      "source-layer": "boundaries",
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--joint-strong"),
        "line-opacity": ["step", ["get", "level"], 0.9, 7, 0.45],
        "line-dasharray": [4, 2],
        "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.6, 10, ["step", ["get", "level"], 1.4, 7, 0.7], 16, ["step", ["get", "level"], 2.4, 7, 1.4]],
      },
    },
  ];
}

const MAIN = ["motorway", "trunk"];
const LARGE = ["primary", "secondary", "tertiary"];
const SMALL = ["street", "service"];

function roads(): LayerSpecification[] {
  const part = (...kinds: string[]) =>
    ({ ...DETAIL, "source-layer": "roads", filter: ["match", ["get", "kind"], kinds, true, false] as FilterSpecification }) as const;
  const layout = { "line-join": "round", "line-cap": "round" } as const;
  const fade: Expression = ["case", ["has", "tunnel"], 0.35, 1];
  const large = { 5: [0.7, 0], 9: [1.5, 0.8], 12: [2.6, 1.5], 14: [5, 3.5], 18: [26, 20] };
  const edges = { 5: [0, 0], 11: [3.4, 0], 12: [4.2, 2.6], 14: [7, 5], 18: [29, 23] };
  const small = { 12: [0.8, 0.4], 14: [2.4, 1.2], 16: [7, 4], 18: [18, 10] };
  const smallEdges = { 13: [0, 0], 14: [3.6, 1.8], 16: [8.6, 5.2], 18: [20, 12] };
  const edge = colour("--map-road-edge");
  return [
    {
      id: "paths",
      type: "line",
      ...part("path"),
      minzoom: 14,
      layout,
      paint: { "line-color": colour("--map-road-edge"), "line-dasharray": [2, 2], "line-width": ["interpolate", ["linear"], ["zoom"], 14, 0.7, 18, 2.2] },
    },
    { id: "streets-edge", type: "line", ...part(...SMALL), minzoom: 13, layout, paint: { "line-color": edge, "line-opacity": fade, "line-width": widths(smallEdges, ["street"]) } },
    { id: "roads-edge", type: "line", ...part(...MAIN, ...LARGE), minzoom: 11, layout, paint: { "line-color": edge, "line-opacity": fade, "line-width": widths(edges, MAIN) } },
    { id: "streets", type: "line", ...part(...SMALL), minzoom: 12, layout, paint: { "line-color": colour("--map-road"), "line-opacity": fade, "line-width": widths(small, ["street"]) } },
    { id: "roads", type: "line", ...part(...LARGE), layout, paint: { "line-color": colour("--map-road-large"), "line-opacity": fade, "line-width": widths(large, ["primary"]) } },
    { id: "motorways", type: "line", ...part(...MAIN), layout, paint: { "line-color": colour("--map-road-main"), "line-opacity": fade, "line-width": widths(large, MAIN) } },
  ];
}

function rails(): LayerSpecification[] {
  const rail = (...names: string[]) =>
    ({ ...DETAIL, "source-layer": "rails", filter: ["all", ["!", ["has", "tunnel"]], ["match", ["get", "kind"], names, true, false]] as FilterSpecification }) as const;
  const line = colour("--map-rail");
  return [
    { id: "rails", type: "line", ...rail("rail", "tram"), paint: { "line-color": line, "line-width": ["interpolate", ["linear"], ["zoom"], 7, 0.5, 12, 1, 16, 2] } },
    { id: "sidings", type: "line", ...rail("siding"), minzoom: 13, paint: { "line-color": line, "line-opacity": 0.6, "line-width": 0.7 } },
    {
      id: "sleepers",
      type: "line",
      ...rail("rail"),
      minzoom: 12,
      paint: { "line-color": line, "line-dasharray": [0.25, 3], "line-width": ["interpolate", ["linear"], ["zoom"], 12, 3.5, 16, 6] },
    },
  ];
}

function detailNames(strong: boolean): LayerSpecification[] {
  const part = (name: string) => ({ ...DETAIL, "source-layer": name }) as const;
  const town: Expression = ["match", ["get", "kind"], ["city", "town", "village"], true, false];
  const rank: Expression = ["match", ["get", "kind"], "city", 0, "town", 1, "village", 2, ["suburb", "island"], 3, ["quarter", "hamlet"], 4, 5];
  const sorted: Expression = ["-", ["*", rank, 10_000_000], ["coalesce", ["get", "people"], 0]];
  return [
    ...waterNames("stream-names", part("waterways"), ["!", ["has", "tunnel"]], 11),
    {
      id: "water-names",
      type: "symbol",
      ...part("waters"),
      layout: text(12),
      paint: ink("--map-water-ink"),
    },
    {
      id: "street-names",
      type: "symbol",
      ...part("roads"),
      minzoom: 14,
      filter: ["all", ["has", "name"], ["!=", ["get", "kind"], "path"]],
      layout: { ...text(["interpolate", ["linear"], ["zoom"], 14, 10.5, 18, 13]), "symbol-placement": "line", "symbol-spacing": 350 },
      paint: ink("--ink-soft", 1.4),
    },
    {
      id: "station-dots",
      type: "circle",
      ...part("stations"),
      filter: ["match", ["get", "kind"], ["station", "halt"], true, false],
      minzoom: 12,
      paint: { "circle-radius": 3, "circle-color": colour("--paper"), "circle-stroke-color": colour("--map-rail"), "circle-stroke-width": 1.6 },
    },
    {
      id: "station-names",
      type: "symbol",
      ...part("stations"),
      filter: ["match", ["get", "kind"], ["station", "halt"], true, false],
      minzoom: 13,
      layout: { ...text(11), "text-anchor": "top", "text-offset": [0, 0.6] },
      paint: ink("--ink-soft"),
    },
    {
      id: "district-names",
      type: "symbol",
      ...part("places"),
      filter: ["!", town],
      layout: { ...BESIDE, ...text(["match", ["get", "kind"], ["suburb", "island"], 13, 11.5]), "symbol-sort-key": sorted },
      paint: ink("--ink-soft"),
    },
    {
      id: "place-names",
      type: "symbol",
      ...part("places"),
      filter: town,
      layout: {
        ...BESIDE,
        ...text(["interpolate", ["linear"], ["zoom"], 8, ["match", ["get", "kind"], "city", 14, 12], 13, ["match", ["get", "kind"], "city", 18, "town", 16, 13.5]]),
        "symbol-sort-key": sorted,
      },
      paint: ink(strong ? "--ink" : "--ink-soft", strong ? 2 : 1.7),
    },
  ];
}

function waterNames(id: string, part: { source: string; "source-layer": string }, filter: FilterSpecification, minzoom: number): LayerSpecification[] {
  return [
    {
      id,
      type: "symbol",
      ...part,
      minzoom,
      filter: ["all", ["has", "name"], filter] as FilterSpecification,
      layout: { ...text(12), "symbol-placement": "line", "symbol-spacing": 400 },
      paint: ink("--map-water-ink"),
    },
  ];
}

type TextSize = Expression | number;

/** Where a name goes, its place first: beside it when data lie there. */
const BESIDE: NonNullable<SymbolLayerSpecification["layout"]> = {
  "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
  "text-radial-offset": 0.7,
  "text-justify": "auto",
};

function text(size: TextSize) {
  return { "text-field": ["get", "name"] as Expression, "text-font": FONT, "text-size": size, "text-max-width": 8, "text-padding": 6 };
}

function ink(token: string, halo = 1.6) {
  return { "text-color": colour(token), "text-halo-color": colour("--stone"), "text-halo-width": halo };
}

/** Widths by zoom: of those kinds, and of the others. */
function widths(stops: Record<number, number[]>, kinds: string[]): Expression {
  const values = Object.entries(stops).flatMap(([zoom, [wide, other]]) => [Number(zoom), ["match", ["get", "kind"], kinds, wide, other]]);
  return ["interpolate", ["exponential", 1.4], ["zoom"], ...values] as unknown as Expression;
}
