// What the server says of a layer (`hub/maps/selectors.py`) and of the page (`hub/maps/templates/parvis/maps/map.html`).

export interface Field {
  name: string;
  label: string;
  type: string;
  unit: string;
  /** Its whole numbers from 1500 to 2199 are years. */
  years: boolean;
  /** Of codes of territories, what they are called. */
  names?: Record<string, string>;
  /** Where to ask for the names of other codes, when they are too many to be told at once. */
  namesAt?: string;
}

/** How rows are called: by the values of some fields one after the other, else by those that describe them. */
export interface Named {
  titleFields: string[];
  describedBy: string[];
  fields: Field[];
}

export interface CategoryLegend extends Field {
  field: string;
  kind: "category";
  values: { value: string; count: number; rank: number }[];
  others: boolean;
  /** Rows without a value. */
  missing: number;
}

export interface NumberLegend extends Field {
  field: string;
  kind: "number";
  edges: number[];
  missing: number;
  minimum: number | null;
  maximum: number | null;
}

export type Legend = CategoryLegend | NumberLegend;

/** What can be done from one row: the list of its values of `columns`, as JSON, ends the address. */
export interface RowLink {
  label: string;
  columns: string[];
  address: string;
}

export interface Layer extends Named {
  id: string;
  title: string;
  version: string;
  rows: number;
  kind: "points" | "lines" | "areas" | "mixed";
  bbox: [number, number, number, number] | null;
  /** What is shown first. */
  start: [number, number, number, number] | null;
  tiles: string;
  maxzoom: number;
  legends: Legend[];
  links?: RowLink[];
}

/** The base map that the operator built of OpenStreetMap: what ground it covers, as a MultiPolygon. */
export interface Detail {
  tiles: string;
  minzoom: number;
  maxzoom: number;
  credit: string;
  box: [number, number, number, number];
  coverage: number[][][][];
  /** The same in whole tiles of the ground: a river that these cut is not drawn beside itself. */
  wideCoverage: number[][][][];
}

/** The ground that ships, and what the operator chose to have on it (`hub/maps/base_map.py`). */
export interface Base {
  kind: "own" | "pmtiles" | "ign";
  tiles: string;
  maxzoom: number;
  credit: string;
  detail?: Detail;
  plan?: { tiles: string; maxzoom: number; credit: string };
}

export interface Settings {
  words: Record<string, string>;
  base: Base;
  language: string;
}

export type Values = Record<string, unknown>;
