// From the value of a feature to the step of a legend: what MapLibre evaluates, and the same for the list beside the map.
import type { ExpressionSpecification } from "maplibre-gl";

/** Longest text a tile carries (`core/geo/layers.py`). */
export const TEXT_LENGTH = 120;

export interface Scale<Step> {
  form: "single" | "categories" | "classes";
  field: string;
  /** Of categories, as the source carries them; the step after theirs is that of the others. */
  values: string[];
  /** Of classes, rising. */
  edges: number[];
  steps: Step[];
  missing: Step;
}

/** The expression that gives its step, as `as` says it, to each feature. */
export function expressionOf<Step>(scale: Scale<Step>, as: (step: Step) => string): ExpressionSpecification | string {
  const first = scale.steps[0] ?? scale.missing;
  if (scale.form === "single") return as(first);
  const value: ExpressionSpecification = ["get", scale.field];
  if (scale.form === "classes") {
    const steps = scale.edges.flatMap((edge, rank) => [edge, as(scale.steps[rank + 1] ?? first)]);
    const classes = (steps.length ? ["step", value, as(first), ...steps] : as(first)) as ExpressionSpecification;
    return ["case", ["==", ["typeof", value], "number"], classes, as(scale.missing)];
  }
  const steps = new Map<string, string>(); // MapLibre refuses a value that is there twice, as two long texts may be once cut
  for (const [rank, one] of scale.values.entries()) if (!steps.has(one)) steps.set(one, as(scale.steps[rank] ?? first));
  if (!steps.size) return as(first);
  const others = as(scale.steps[scale.values.length] ?? scale.missing);
  const match = ["match", ["to-string", value], ...[...steps].flat(), others] as unknown as ExpressionSpecification;
  return ["case", ["has", scale.field], match, as(scale.missing)];
}

/** The step of one feature. */
export function stepOf<Step>(scale: Scale<Step>, values: Record<string, unknown>): Step {
  const first = scale.steps[0] ?? scale.missing;
  if (scale.form === "single") return first;
  const value = values[scale.field];
  if (value === undefined || value === null) return scale.missing;
  if (scale.form === "classes") {
    return typeof value === "number" ? (scale.steps[scale.edges.filter((edge) => value >= edge).length] ?? first) : scale.missing;
  }
  const rank = scale.values.indexOf(String(value));
  return scale.steps[rank < 0 ? scale.values.length : rank] ?? scale.missing;
}
