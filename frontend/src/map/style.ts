// The map's style: a quiet ground in stone and ink, then the data.
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { colour, markColour } from "./colours";
import { scaleOf } from "./legend";
import { expressionOf } from "./scale";
import type { Base, Layer, Legend } from "./types";

export const FONT = ["Atkinson Hyperlegible Next Variable", "Arial", "sans-serif"];
const ON: ExpressionSpecification = ["boolean", ["feature-state", "on"], false];

/** Layers of the map that hold the data, nearest first, as `queryRenderedFeatures` should look through them. */
export const DATA_LAYERS = ["points", "specks", "lines", "areas"];
export const CLUSTERS = "clusters";

export function styleOf(layer: Layer, base: Base, legend: Legend | null, language: string): StyleSpecification {
  return {
    version: 8,
    sources: { ...baseSources(base, layer), data: dataSource(layer) },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("--joint", 0.38) } },
      ...(base.kind === "ign" ? ignLayers() : groundLayers()),
      ...shapeLayers(legend),
      ...(base.kind === "ign" ? [] : nameLayers()),
      ...pointLayers(legend, language),
    ],
  };
}

function dataSource(layer: Layer): SourceSpecification {
  const bounds = layer.bbox ? { bounds: widened(layer.bbox) } : {};
  return { type: "vector", tiles: [location.origin + layer.tiles], maxzoom: layer.maxzoom, ...bounds };
}

/** A box of no width would ask for no tile. */
function widened([west, south, east, north]: [number, number, number, number]): [number, number, number, number] {
  const margin = 0.0005;
  return [west - margin, Math.max(south - margin, -85), east + margin, Math.min(north + margin, 85)];
}

export function baseSources(base: Base, layer: Pick<Layer, "bbox">): Record<string, SourceSpecification> {
  if (base.kind === "ign") {
    return { ign: { type: "raster", tiles: [base.tiles], tileSize: 256, maxzoom: base.maxzoom, attribution: base.credit } };
  }
  return {
    graticule: { type: "geojson", data: graticule(layer.bbox) },
    base: { type: "vector", tiles: [location.origin + base.tiles], maxzoom: base.maxzoom, attribution: base.credit },
  };
}

export function ignLayers(): LayerSpecification[] {
  // Muted, so that the data stand out on it.
  return [{ id: "ign", type: "raster", source: "ign", paint: { "raster-saturation": -0.6, "raster-opacity": 0.75 } }];
}

export function groundLayers(): LayerSpecification[] {
  const only = (kind: string): ExpressionSpecification => ["==", ["get", "kind"], kind];
  return [
    {
      id: "graticule",
      type: "line",
      source: "graticule",
      paint: { "line-color": colour("--joint-strong"), "line-opacity": 0.28, "line-width": 0.7 },
    },
    {
      id: "land",
      type: "fill",
      source: "base",
      "source-layer": "shapes",
      filter: only("region"),
      paint: { "fill-color": colour("--stone"), "fill-antialias": false },
    },
    {
      id: "joints",
      type: "line",
      source: "base",
      "source-layer": "shapes",
      filter: only("commune"),
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--joint-strong", 0.5, "--joint"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 12, 1.2, 16, 2],
      },
    },
    {
      id: "departments",
      type: "line",
      source: "base",
      "source-layer": "shapes",
      filter: ["match", ["get", "kind"], ["departement", "region"], true, false],
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--joint-strong"),
        "line-width": ["interpolate", ["linear"], ["zoom"], 5, 0.6, 10, 1.4, 16, 2.6],
      },
    },
  ];
}

/** Names of places, those that the tiles of each zoom hold; stronger ones are read over shaded territories. */
export function nameLayers(strong = false): LayerSpecification[] {
  return [
    {
      id: "names",
      type: "symbol",
      source: "base",
      "source-layer": "names",
      layout: {
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 13, ["step", ["get", "people"], 13, 20_000, 16]],
        "text-max-width": 8,
        "text-padding": 6,
        "symbol-sort-key": ["-", ["get", "people"]],
      },
      paint: {
        "text-color": colour(strong ? "--ink" : "--ink-soft"),
        "text-halo-color": colour("--stone"),
        "text-halo-width": strong ? 2 : 1.6,
      },
    },
  ];
}

function shapeLayers(legend: Legend | null): LayerSpecification[] {
  const paint = expressionOf(scaleOf(legend), markColour);
  const data = { source: "data", "source-layer": "shapes" } as const;
  return [
    {
      id: "areas",
      type: "fill",
      ...data,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": paint, "fill-opacity": ["case", ON, 0.85, legend ? 0.62 : 0.34] },
    },
    {
      id: "outlines",
      type: "line",
      ...data,
      filter: ["==", ["geometry-type"], "Polygon"],
      layout: { "line-join": "round" },
      paint: {
        "line-color": colour("--accent-strong"),
        "line-opacity": ["interpolate", ["linear"], ["zoom"], 8, ["case", ON, 1, 0.35], 14, ["case", ON, 1, 0.8]],
        "line-width": ["case", ON, 3, 0.9],
      },
    },
    {
      id: "lines-edge",
      type: "line",
      ...data,
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour("--paper"), "line-width": ["case", ON, 9, 5], "line-opacity": 0.8 },
    },
    {
      id: "lines",
      type: "line",
      ...data,
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": paint, "line-width": ["case", ON, 5, 2.6] },
    },
  ];
}

function pointLayers(legend: Legend | null, language: string): LayerSpecification[] {
  const size: ExpressionSpecification = ["interpolate", ["linear"], ["zoom"], 8, 0.7, 13, 0.85, 17, 1.2];
  const halo = (id: string, part: string): LayerSpecification => ({
    id,
    type: "circle",
    source: "data",
    "source-layer": part,
    paint: {
      "circle-radius": 13,
      "circle-color": colour("--accent"),
      "circle-opacity": ["case", ON, 0.28, 0],
      "circle-stroke-color": colour("--ink"),
      "circle-stroke-width": ["case", ON, 2, 0],
    },
  });
  return [
    halo("points-halo", "points"),
    halo("specks-halo", "specks"),
    {
      id: "specks",
      type: "circle",
      source: "data",
      "source-layer": "specks",
      paint: {
        "circle-radius": ["interpolate", ["linear"], ["get", "n"], 1, 1.8, 20, 3.2],
        "circle-color": expressionOf(scaleOf(legend), markColour),
        "circle-stroke-color": colour("--accent-strong"),
        "circle-stroke-width": 0.5,
      },
    },
    {
      id: "points",
      type: "symbol",
      source: "data",
      "source-layer": "points",
      layout: {
        "icon-image": expressionOf(scaleOf(legend), (mark) => mark),
        "icon-size": size,
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
    },
    ...clusterLayers(language),
  ];
}

/** The disc that stands for so many: `core/geo/clusters.py` places it so that none covers another. */
export function radiusOfGroup(count: ExpressionSpecification): ExpressionSpecification {
  return ["interpolate", ["linear"], ["log10", count], 0.3, 8, 1, 12, 2, 17, 3, 21, 4, 26, 5, 29];
}

function clusterLayers(language: string): LayerSpecification[] {
  const data = { source: "data", "source-layer": "clusters" } as const;
  const accent = colour("--accent");
  const radius = radiusOfGroup(["get", "n"]);
  return [
    {
      id: CLUSTERS,
      type: "circle",
      ...data,
      paint: {
        "circle-radius": radius,
        "circle-color": accent,
        "circle-stroke-color": colour("--paper"),
        "circle-stroke-width": 2,
      },
    },
    {
      id: "cluster-counts",
      type: "symbol",
      ...data,
      layout: {
        "text-field": ["number-format", ["get", "n"], { locale: language, "max-fraction-digits": 0 }],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["log10", ["get", "n"]], 0.3, 10, 1, 12, 4, 14],
        "text-allow-overlap": true,
        "text-ignore-placement": true,
      },
      paint: { "text-color": colour("--on-accent") },
    },
  ];
}

/** Meridians and parallels around the data: whole degrees everywhere near, tenths where the data stand. */
function graticule(bbox: Layer["bbox"]): FeatureCollection {
  const [west, south, east, north] = bbox ?? [-6, 41, 10, 52];
  const span = Math.max(east - west, north - south);
  const step = span > 40 ? 10 : span > 3 ? 1 : 0.1;
  const margin = step * 15;
  const [left, right] = [floor(west - margin, step), Math.min(east + margin, 180)];
  const [low, high] = [Math.max(floor(south - margin, step), -80), Math.min(north + margin, 84)];
  const lines: [number, number][][] = [];
  for (let x = left; x <= right; x += step) lines.push([[x, low], [x, high]]);
  for (let y = low; y <= high; y += step) lines.push([[left, y], [right, y]]);
  return {
    type: "FeatureCollection",
    features: lines.map((coordinates) => ({
      type: "Feature",
      properties: {},
      geometry: { type: "LineString", coordinates },
    })),
  };
}

function floor(value: number, step: number): number {
  return Math.max(Math.floor(value / step) * step, -180);
}
