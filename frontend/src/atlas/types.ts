// What the server says of a map of several layers (`hub/atlas/browser.py`).
import type { Scale } from "../map/scale";
import type { Base, Named, Settings } from "../map/types";

export interface Step {
  text: string;
  light: string;
  dark: string;
  mark: number;
}

export interface AtlasLegend extends Scale<Step> {
  title: string;
}

export type AtlasSource = { type: "geojson"; data: string } | { type: "vector"; tiles: string; maxzoom: number };
export type Kind = "points" | "clusters" | "heat" | "lines" | "areas" | "choropleth";

export interface AtlasLayer extends Named {
  rank: number;
  label: string;
  kind: Kind;
  hidden: boolean;
  timed: boolean;
  total: number;
  source: AtlasSource;
  box: [number, number, number, number] | null;
  legend: AtlasLegend;
  size: { field: string; most: number } | null;
  popup: string[];
  table: string;
  version: string;
  /** Where its values come from: label and value, label and address; none for a dataset that is not published. */
  origin: { facts: [string, string][]; links: [string, string][] } | null;
}

export interface Spec extends Settings {
  name: string;
  title: string;
  base: Base;
  box: [number, number, number, number];
  whole: [number, number, number, number];
  start: [] | [number, number, number];
  compare: number[];
  moment: string;
  again: string;
  places: string;
  centre: [number, number, string] | null;
  layers: AtlasLayer[];
}

export type Theme = "light" | "dark";

/** Longitude and latitude. */
export type Place = [number, number];
