// The legend of a map: a switch for each of its layers, when there are several.
import type { AtlasLayer } from "./types";

/** Put a box to tick before the name of each layer; `toggle` is told which one was shown or hidden. */
export function addSwitches(legends: HTMLElement, layers: AtlasLayer[], toggle: (layer: AtlasLayer) => void): void {
  if (layers.length < 2) return;
  for (const layer of layers) {
    const section = legends.querySelector<HTMLElement>(`[data-layer="${layer.rank}"]`);
    const name = section?.querySelector(".atlas-legend-title > span");
    if (!section || !name) continue;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = `${legends.closest("[data-atlas]")?.id ?? "carte"}-couche-${layer.rank + 1}`;
    box.checked = !layer.hidden;
    const label = document.createElement("label");
    label.htmlFor = box.id;
    label.textContent = name.textContent;
    name.parentElement?.prepend(box);
    name.replaceWith(label);
    section.classList.toggle("off", layer.hidden);
    box.addEventListener("change", () => {
      layer.hidden = !box.checked;
      section.classList.toggle("off", layer.hidden);
      toggle(layer);
    });
  }
}
