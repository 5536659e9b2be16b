// Builds the pages' scripts, styles and fonts into the Django static folder, with names that change with their contents.
import { defineConfig } from "vite";
import { maplibre } from "./maplibre";

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [maplibre()],
  build: {
    outDir: "../src/parvis/hub/ui/static/parvis/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    license: { fileName: "licences.md" },
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: ["src/main.ts", "src/map.ts", "src/place.ts", "src/atlas.ts", "src/chart.ts", "src/upload.ts", "src/deposit.ts", "src/pages.ts", "src/indicators.ts", "src/boxes.ts", "src/sending.ts", "src/filling.ts", "src/widgets.ts", "src/collect.ts", "src/collect-worker.ts", "styles/main.css", "styles/pages.css", "styles/records.css", "styles/talk.css", "styles/osm.css", "styles/acts.css", "styles/home.css", "styles/dataset.css", "styles/atlas.css", "styles/admin.css"],
    },
  },
});
