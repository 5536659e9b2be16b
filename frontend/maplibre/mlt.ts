// MapLibre's own form of tiles is not read: ours are Mapbox Vector Tiles.
export const GEOMETRY_TYPE = { POINT: 0, LINESTRING: 1, POLYGON: 2, MULTIPOINT: 3, MULTILINESTRING: 4, MULTIPOLYGON: 5 };

export function decodeTile(): never {
  throw new Error("MLT");
}
