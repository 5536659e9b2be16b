// The buttons on the map.
import { FullscreenControl, GeolocateControl, type IControl, type Map as MapLibre, NavigationControl, ScaleControl } from "maplibre-gl";
import type { Writer } from "./writing";

/** A button that shows all the data. */
export class WholeControl implements IControl {
  private container: HTMLElement | null = null;

  constructor(
    private readonly label: string,
    private readonly act: () => void,
  ) {}

  onAdd(): HTMLElement {
    this.container = document.createElement("div");
    this.container.className = "maplibregl-ctrl maplibregl-ctrl-group";
    const button = this.container.appendChild(document.createElement("button"));
    button.type = "button";
    button.className = "map-whole";
    button.title = this.label;
    button.setAttribute("aria-label", this.label);
    const icon = button.appendChild(document.createElement("span"));
    icon.className = "maplibregl-ctrl-icon";
    icon.setAttribute("aria-hidden", "true");
    button.addEventListener("click", this.act);
    return this.container;
  }

  onRemove(): void {
    this.container?.remove();
  }
}

export function addControls(map: MapLibre, writer: Writer, root: HTMLElement, whole: () => void, failed: () => void): void {
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new WholeControl(writer.say("whole"), whole), "top-right");
  const around = new GeolocateControl({ positionOptions: { enableHighAccuracy: true }, fitBoundsOptions: { maxZoom: 15 } });
  around.on("error", failed);
  map.addControl(around, "top-right");
  // MapLibre names its button once it has asked the browser whether it may: nobody should meet it without a name meanwhile.
  const button = map.getContainer().querySelector<HTMLButtonElement>(".maplibregl-ctrl-geolocate");
  if (button && !button.title) button.ariaLabel = button.title = writer.say("around");
  if (document.fullscreenEnabled) map.addControl(new FullscreenControl({ container: root }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 100 }), "bottom-left");
}

/** MapLibre's own words, in ours. */
export function locale(writer: Writer, title: string): Record<string, string> {
  return {
    "AttributionControl.ToggleAttribution": writer.say("credits"),
    "FullscreenControl.Enter": writer.say("fullscreen"),
    "FullscreenControl.Exit": writer.say("leaveFullscreen"),
    "GeolocateControl.FindMyLocation": writer.say("around"),
    "GeolocateControl.LocationNotAvailable": writer.say("aroundFailed"),
    "Map.Title": writer.say("label", { label: title }),
    "NavigationControl.ZoomIn": writer.say("zoomIn"),
    "NavigationControl.ZoomOut": writer.say("zoomOut"),
    "Popup.Close": writer.say("close"),
    "CooperativeGesturesHandler.WindowsHelpText": writer.say("gestures"),
    "CooperativeGesturesHandler.MacHelpText": writer.say("gesturesMac"),
    "CooperativeGesturesHandler.MobileHelpText": writer.say("twoFingers"),
  };
}
