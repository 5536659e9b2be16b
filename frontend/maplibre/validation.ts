// Styles are not checked in the reader's browser: they are made here, typed, and tested.
const right = (): [] => [];

export const validateStyle = Object.assign(right, {
  source: right,
  sprite: right,
  glyphs: right,
  layer: right,
  light: right,
  sky: right,
  terrain: right,
  filter: right,
  paintProperty: right,
  layoutProperty: right,
});

export const SPEC_SOURCE_TYPES: ReadonlySet<string> = new Set(["vector", "raster", "raster-dem", "geojson", "image", "video"]);

const sound = (): boolean => false;

export { sound as emitValidationErrors, sound as validateAndEmit, sound as validateStyleAndEmit };
