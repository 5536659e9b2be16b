// What a row is called, as the server's lists call it (`hub/maps/naming.py`).
import type { Named, Values } from "./types";
import type { Writer } from "./writing";

/** The value of a field as it is read; nothing for none. */
export function valueOf(layer: Named, values: Values, name: string, writer: Writer): string {
  const field = layer.fields.find((one) => one.name === name);
  const value = values[name];
  return field && value !== undefined && value !== null && value !== "" ? writer.value(field, value) : "";
}

/** The fields that name this very row: those of its title, else those that describe it. */
export function naming(layer: Named, values: Values): string[] {
  const leading = layer.titleFields.at(-1);
  const value = leading === undefined ? undefined : values[leading];
  return value !== undefined && value !== null && value !== "" ? layer.titleFields : layer.describedBy;
}

/** What a row is called; nothing when nothing tells. */
export function nameOf(layer: Named, values: Values, writer: Writer): string {
  const names = naming(layer, values);
  const texts = names.map((name) => valueOf(layer, values, name, writer)).filter((text) => text !== "");
  return [...new Set(texts)].join(names === layer.titleFields ? " " : " · ");
}
