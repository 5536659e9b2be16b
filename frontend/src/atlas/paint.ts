// From layers to what MapLibre draws: sources, and one or more style layers each.
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import { colour, drawMark, MARK_RADIUS } from "../map/colours";
import { FONT, groundSources, nameLayers } from "../map/ground";
import { baseLayers, GROUP_PADDING, radiusOfGroup, STOOD_BESIDE } from "../map/style";
import { expressionOf, type Scale, stepOf as stepIn, TEXT_LENGTH } from "../map/scale";
import type { AtlasLayer, Spec, Step, Theme } from "./types";

export function styleOf(spec: Spec, layers: AtlasLayer[], theme: Theme): StyleSpecification {
  const sources: Record<string, SourceSpecification> = groundSources(spec.base);
  for (const layer of layers) sources[sourceId(layer)] = sourceOf(layer);
  return {
    version: 8,
    sources,
    layers: [
      ...baseLayers(spec.base),
      ...layers.filter(isGround).flatMap((layer) => drawn(layer, theme, spec.language)),
      ...nameLayers(spec.base, layers.some(isGround)),
      ...layers.filter((layer) => !isGround(layer)).flatMap((layer) => drawn(layer, theme, spec.language)),
    ],
  };
}

/** Areas lie under the names of places, lines and points over them. */
function isGround(layer: AtlasLayer): boolean {
  return layer.kind === "choropleth" || layer.kind === "areas";
}

export function sourceId(layer: AtlasLayer): string {
  return `data-${layer.rank}`;
}

const PARTS = ["groups", "points", "specks", "lines", "areas"];
const WARM = ["warm-groups", "warm-points"];

/** The style layers that a reader may point at, nearest first. A density is looked at as a whole. */
export function pointable(layers: AtlasLayer[]): string[] {
  return layers.toReversed().flatMap((layer) => (layer.kind === "heat" ? [] : PARTS.map((part) => idOf(layer, part))));
}

/** The style layers whose features are listed. */
export function listable(layers: AtlasLayer[]): string[] {
  return layers.flatMap((layer) => (layer.kind === "heat" ? WARM : PARTS).map((part) => idOf(layer, part)));
}

/** All the style layers of a layer. */
export function partsOf(layer: AtlasLayer): string[] {
  return [...PARTS, ...WARM, "outlines", "counts"].map((part) => idOf(layer, part));
}

/** Whether the feature of a style layer stands for several. */
export function isGroup(id: string): boolean {
  return id.endsWith("-groups");
}

export function idOf(layer: AtlasLayer, part: string): string {
  return `layer-${layer.rank}-${part}`;
}

export function rankOf(id: string): number {
  return Number(id.split("-")[1]);
}

function sourceOf(layer: AtlasLayer): SourceSpecification {
  const { source } = layer;
  if (source.type === "vector") return { type: "vector", tiles: [absolute(source.tiles)], maxzoom: source.maxzoom, ...boundsOf(layer) };
  const grouped = layer.kind === "clusters" ? { cluster: true, clusterRadius: 48, clusterMaxZoom: 16 } : {};
  return { type: "geojson", data: absolute(source.data), ...grouped };
}

/** Beyond the data no tile is asked for; a box of no width would ask for none. */
function boundsOf({ box }: AtlasLayer): { bounds?: [number, number, number, number] } {
  if (!box) return {};
  const [west, south, east, north] = box;
  const margin = 0.0005;
  return { bounds: [west - margin, Math.max(south - margin, -85), east + margin, Math.min(north + margin, 85)] };
}

/** Tiles are named by a template, which a URL parser would write otherwise. */
export function absolute(address: string): string {
  return /^https?:/.test(address) ? address : location.origin + address;
}

// Colours

/** The legend of a layer as its source carries the values. */
function scaleOf(layer: AtlasLayer): Scale<Step> {
  const { legend } = layer;
  const values = layer.source.type === "vector" ? legend.values.map((one) => one.slice(0, TEXT_LENGTH)) : legend.values;
  return { ...legend, field: layer.kind === "choropleth" ? "valeur" : legend.field, values };
}

function paint(layer: AtlasLayer, as: (step: Step) => string): ExpressionSpecification | string {
  return expressionOf(scaleOf(layer), as);
}

/** The step of a feature, for the list beside the map. */
export function stepOf(layer: AtlasLayer, values: Record<string, unknown>): Step {
  return stepIn(scaleOf(layer), values);
}

export function markId(step: Step, theme: Theme): string {
  return `mark:${step.mark}:${step[theme]}`;
}

/** The picture of a mark that `markId` named; null for any other name. */
export function markDrawn(id: string, edge?: string): HTMLCanvasElement | null {
  const [kind, mark, fill] = id.split(":");
  if (kind !== "mark" || !fill) return null;
  return drawMark(Number(mark) ? `c${mark}` : "p", edge, fill);
}

// Layers

function drawn(layer: AtlasLayer, theme: Theme, language: string): LayerSpecification[] {
  const visible = { visibility: layer.hidden ? ("none" as const) : ("visible" as const) };
  const made = layer.kind === "heat" ? heat(layer, theme) : [...shapes(layer, theme), ...points(layer, theme, language)];
  return made.map((one) => ({ ...one, layout: { ...one.layout, ...visible } }) as LayerSpecification);
}

function from(layer: AtlasLayer, part: string): { source: string; "source-layer"?: string } {
  return layer.source.type === "vector" ? { source: sourceId(layer), "source-layer": part } : { source: sourceId(layer) };
}

const geometry = (kind: string): FilterSpecification => ["==", ["geometry-type"], kind];

function shapes(layer: AtlasLayer, theme: Theme): LayerSpecification[] {
  const fill = paint(layer, (step) => step[theme]);
  const data = from(layer, "shapes");
  const shaded = layer.kind === "choropleth";
  const width: ExpressionSpecification | number = layer.size
    ? ["interpolate", ["linear"], ["coalesce", ["to-number", ["get", layer.size.field]], 0], 0, 1.5, layer.size.most, 8]
    : 2.6;
  const found: LayerSpecification[] = [
    { id: idOf(layer, "areas"), type: "fill", ...data, filter: geometry("Polygon"), paint: { "fill-color": fill, "fill-opacity": shaded ? 0.86 : 0.6 } },
    {
      id: idOf(layer, "outlines"),
      type: "line",
      ...data,
      filter: geometry("Polygon"),
      layout: { "line-join": "round" },
      paint: { "line-color": shaded ? colour("--paper") : colour("--ink-soft"), "line-width": shaded ? 1.2 : 0.7 },
    },
  ];
  if (shaded) return found;
  return [
    ...found,
    {
      id: idOf(layer, "lines"),
      type: "line",
      ...data,
      filter: geometry("LineString"),
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": fill, "line-width": width },
    },
  ];
}

function points(layer: AtlasLayer, theme: Theme, language: string): LayerSpecification[] {
  if (layer.kind === "choropleth") return [];
  const vector = layer.source.type === "vector";
  const fill = paint(layer, (step) => step[theme]);
  const groups = vector || layer.kind === "clusters" ? clusters(layer, theme, language) : [];
  const alone: FilterSpecification = ["all", geometry("Point"), ["!", ["has", "point_count"]]] as FilterSpecification;
  const data = { ...from(layer, "points"), filter: alone };
  const specks: LayerSpecification[] = vector
    ? [{ id: idOf(layer, "specks"), type: "circle", ...from(layer, "specks"), paint: { "circle-radius": 2.4, "circle-color": fill } }]
    : [];
  if (layer.legend.form === "categories") {
    const icon = paint(layer, (step) => markId(step, theme));
    const layout = { "icon-image": icon, "icon-allow-overlap": true, ...STOOD_BESIDE, ...sizedIcon(layer) };
    return [...specks, { id: idOf(layer, "points"), type: "symbol", ...data, layout }, ...groups];
  }
  const circle = {
    "circle-radius": radiusOf(layer) ?? 5.5,
    "circle-color": fill,
    "circle-opacity": layer.size ? 0.8 : 1,
    // The palest class is seen on any ground.
    "circle-stroke-color": colour(layer.legend.form === "classes" ? "--ink-soft" : "--paper"),
    "circle-stroke-width": 1.2,
  };
  const layout = layer.size ? { "circle-sort-key": ["-", sizeOf(layer.size)] as ExpressionSpecification } : {};
  return [...specks, { id: idOf(layer, "points"), type: "circle", ...data, layout, paint: circle }, ...groups];
}

function sizeOf(size: { field: string }): ExpressionSpecification {
  return ["max", ["coalesce", ["to-number", ["get", size.field]], 0], 0];
}

/** Surfaces follow the values, as in the server's pictures. */
function radiusOf(layer: AtlasLayer): ExpressionSpecification | null {
  return layer.size ? ["+", 3, ["*", 11, ["sqrt", ["/", sizeOf(layer.size), layer.size.most]]]] : null;
}

/** Marks of their own shape, sized; the largest lie under the others. */
function sizedIcon(layer: AtlasLayer): { "icon-size"?: ExpressionSpecification; "symbol-sort-key"?: ExpressionSpecification } {
  const radius = radiusOf(layer);
  if (!radius || !layer.size) return {};
  return { "icon-size": ["/", radius, MARK_RADIUS], "symbol-sort-key": ["-", sizeOf(layer.size)] };
}

function clusters(layer: AtlasLayer, theme: Theme, language: string): LayerSpecification[] {
  // A group is of its layer's colour, and of none of those that tell its members apart.
  const fill = layer.legend.form === "single" ? (layer.legend.steps[0]?.[theme] ?? colour("--accent")) : colour("--ink-soft");
  const vector = layer.source.type === "vector";
  const count: ExpressionSpecification = ["get", vector ? "n" : "point_count"];
  const data = vector ? from(layer, "clusters") : { ...from(layer, "clusters"), filter: ["has", "point_count"] as FilterSpecification };
  const radius = radiusOfGroup(count);
  return [
    {
      id: idOf(layer, "groups"),
      type: "circle",
      ...data,
      paint: { "circle-radius": radius, "circle-color": fill, "circle-stroke-color": colour("--paper"), "circle-stroke-width": 2 },
    },
    {
      id: idOf(layer, "counts"),
      type: "symbol",
      ...data,
      layout: {
        "text-field": ["number-format", count, { locale: language, "max-fraction-digits": 0 }],
        "text-font": FONT,
        "text-size": ["interpolate", ["linear"], ["log10", count], 0.3, 10, 1, 12],
        "text-allow-overlap": true,
        "text-padding": GROUP_PADDING,
      },
      paint: { "text-color": colour("--on-accent") },
    },
  ];
}

function heat(layer: AtlasLayer, theme: Theme): LayerSpecification[] {
  const base = layer.legend.steps[0]?.[theme] ?? colour("--accent");
  const clear = `${base}00`;
  const ramp: ExpressionSpecification = ["interpolate", ["linear"], ["heatmap-density"], 0, clear, 0.1, `${base}40`, 0.45, `${base}99`, 1, base];
  // The more points there are, the less each of them warms.
  const share = Math.min(Math.sqrt(60 / Math.max(layer.total, 1)), 1);
  const made = (name: string, part: string, weight: ExpressionSpecification | number): LayerSpecification => ({
    id: idOf(layer, name),
    type: "heatmap",
    ...from(layer, part),
    paint: {
      "heatmap-weight": weight,
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 6, 14, 14, 32],
      "heatmap-intensity": ["interpolate", ["linear"], ["zoom"], 6, 0.5 * share, 14, 1.4 * share],
      "heatmap-color": ramp,
      "heatmap-opacity": 0.85,
    },
  });
  if (layer.source.type === "geojson") return [made("warm-points", "points", 1)];
  return [made("warm-groups", "clusters", ["min", ["/", ["log10", ["get", "n"]], 3], 1]), made("warm-points", "points", 0.3)];
}
