// Vega's modules ship no types of their own; these are the few that are used.
declare module "vega-dataflow" {
  export const transforms: Record<string, unknown>;
}
declare module "vega-encode";
declare module "vega-transforms";
declare module "vega-view-transforms";
declare module "vega-interpreter" {
  export const expressionInterpreter: unknown;
}
declare module "vega-parser" {
  export function parse(specification: unknown, config?: unknown, options?: { ast?: boolean }): unknown;
}
declare module "vega-view" {
  export class View {
    constructor(runtime: unknown, options: Record<string, unknown>);
    runAsync(): Promise<this>;
    finalize(): this;
    addEventListener(kind: string, handler: (event: MouseEvent, item: { datum?: unknown } | null) => void): this;
  }
}
