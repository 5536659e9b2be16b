// How MapLibre is built: from its sources, so that the page and its worker share what both need instead of loading it twice, and
// without what no map of Parvis draws. `npm run build` is the only place that knows; scripts import "maplibre-gl" as usual.
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SOURCES = fileURLToPath(new URL("../node_modules/maplibre-gl/src/", import.meta.url));
const HERE = fileURLToPath(new URL("./", import.meta.url));
const WORKER = "virtual:maplibre-worker";

/** What is put in the place of a part of the library: each file says what it leaves out, and why. */
const REPLACED: Record<string, string> = {
  "@maplibre/mlt": "mlt.ts",
  [`${SOURCES}geo/projection/projection_factory.ts`]: "projection.ts",
  [`${SOURCES}style/validate_style.ts`]: "validation.ts",
};

/** `import url from "virtual:maplibre-worker"`: the address of the worker, a chunk of the same build as the pages' scripts. */
export function maplibre(): Plugin {
  return {
    name: "parvis-maplibre",
    enforce: "pre",
    // Its classes declare again the fields that their parents fill: a declaration must not empty them.
    config: () => ({ oxc: { typescript: { removeClassFieldsWithoutInitializer: true } } }),
    async resolveId(name, importer, options) {
      if (name === WORKER) return `\0${WORKER}`;
      if (name === "maplibre-gl") return `${SOURCES}index.ts`;
      const found = await this.resolve(name, importer, { ...options, skipSelf: true });
      const replaced = REPLACED[name] ?? REPLACED[found?.id ?? ""];
      return replaced && !importer?.startsWith(HERE) ? HERE + replaced : found;
    },
    load(id) {
      if (id !== `\0${WORKER}`) return null;
      const worker = this.emitFile({ type: "chunk", id: `${SOURCES}source/worker.ts`, name: "maplibre-worker" });
      return `export default import.meta.ROLLUP_FILE_URL_${worker};`;
    },
  };
}
