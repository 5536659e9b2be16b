// The map's style: a quiet ground in stone and ink, then the data.
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { colour, markColour } from "./colours";
import { FONT, groundLayers, groundSources, nameLayers } from "./ground";
import { scaleOf } from "./legend";
import { expressionOf } from "./scale";
import type { Base, Layer, Legend } from "./types";

const ON: ExpressionSpecification = ["boolean", ["feature-state", "on"], false];

/** Layers of the map that hold the data, nearest first, as `queryRenderedFeatures` should look through them. */
export const DATA_LAYERS = ["points", "specks", "lines", "areas"];
export const CLUSTERS = "clusters";

export function styleOf(layer: Layer, base: Base, legend: Legend | null, language: string): StyleSpecification {
  return {
    version: 8,
    sources: { ...groundSources(base), data: dataSource(layer) },
    layers: [
      ...baseLayers(base),
      ...shapeLayers(legend),
      ...nameLayers(base),
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

/** What lies under all data, from the sea up. */
export function baseLayers(base: Base): LayerSpecification[] {
  return [{ id: "ground", type: "background", paint: { "background-color": colour("--map-sea") } }, ...groundLayers(base)];
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
        ...STOOD_BESIDE,
      },
    },
    ...clusterLayers(language),
  ];
}

/** From near, names of the ground stand beside points; from afar, where points are many, they would find no room. */
export const STOOD_BESIDE: { "icon-ignore-placement": ExpressionSpecification; "icon-padding": number } = {
  "icon-ignore-placement": ["step", ["zoom"], true, 9, false],
  "icon-padding": 0,
};

/** Pixels around the count of a disc that names of the ground leave free: about the disc. */
export const GROUP_PADDING = 7;

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
        "text-padding": GROUP_PADDING,
      },
      paint: { "text-color": colour("--on-accent") },
    },
  ];
}
