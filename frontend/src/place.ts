// `[data-place]` in a form: the map where a place is chosen, for fields that can also be typed. Loaded with its library when asked for.
//
// `data-place-field` names the input that holds « latitude, longitude », or `data-place-latitude` and `data-place-longitude` two inputs.
import { Map as MapLibre, Marker, setWorkerUrl } from "maplibre-gl";
import workerUrl from "virtual:maplibre-worker";
import "maplibre-gl/dist/maplibre-gl.css";
import "../styles/map.css";
import "../styles/maplibre.css";
import { MARK_RATIO, markImage } from "./map/colours";
import { addControls, locale } from "./map/controls";
import { styleOf } from "./map/style";
import type { Layer, Settings } from "./map/types";
import { Writer } from "./map/writing";

const FRANCE: [number, number, number, number] = [-5.2, 41.3, 9.6, 51.1];
const DECIMALS = 6;
const NEAR = 17;

setWorkerUrl(workerUrl);

type Place = { latitude: number; longitude: number };

for (const root of document.querySelectorAll<HTMLElement>("[data-place]")) prepare(root);

function prepare(root: HTMLElement): void {
  const button = root.querySelector<HTMLButtonElement>("[data-place-open]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.hidden = true;
    void open(root);
  });
}

async function open(root: HTMLElement): Promise<void> {
  const settings = JSON.parse(document.getElementById("place-settings")?.textContent ?? "{}") as Settings & { layer: string };
  const writer = new Writer(settings);
  const frame = root.querySelector<HTMLElement>("[data-place-map]");
  const answer = await fetch(settings.layer, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!frame || !answer?.ok) return;
  const layer = (await answer.json()) as Layer;
  frame.hidden = false;
  new Picker(root, frame, layer, settings, writer);
}

class Picker {
  private readonly map: MapLibre;
  private readonly marker = new Marker({ draggable: true });

  constructor(
    private readonly root: HTMLElement,
    frame: HTMLElement,
    layer: Layer,
    settings: Settings,
    writer: Writer,
  ) {
    const place = this.typed();
    const canvas = frame.querySelector<HTMLElement>("[data-place-canvas]") ?? frame;
    this.map = new MapLibre({
      container: canvas,
      style: styleOf(layer, settings.base, null, settings.language),
      ...(place ? { center: [place.longitude, place.latitude], zoom: NEAR } : { bounds: layer.bbox ?? FRANCE }),
      fitBoundsOptions: { padding: 32, maxZoom: 15 },
      maxZoom: 20,
      pitchWithRotate: false,
      dragRotate: false,
      touchPitch: false,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      attributionControl: { compact: true },
      locale: locale(writer, layer.title),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    addControls(this.map, writer, frame, () => this.map.fitBounds(layer.bbox ?? FRANCE), () => undefined);
    this.map.setMissingStyleImageResolver((id) => {
      const image = markImage(id);
      if (image && !this.map.hasImage(id)) this.map.addImage(id, image, { pixelRatio: MARK_RATIO });
    });
    if (place) this.show(place);
    this.map.on("click", ({ lngLat }) => this.choose({ latitude: lngLat.lat, longitude: lngLat.lng }));
    this.marker.on("dragend", () => {
      const { lat, lng } = this.marker.getLngLat();
      this.choose({ latitude: lat, longitude: lng });
    });
    // By keyboard: arrows move the map, the button takes its middle.
    frame.querySelector("[data-place-middle]")?.addEventListener("click", () => {
      const { lat, lng } = this.map.getCenter();
      this.choose({ latitude: lat, longitude: lng });
    });
    this.search(frame);
    for (const input of this.inputs()) input.addEventListener("change", () => this.follow());
  }

  private inputs(): HTMLInputElement[] {
    const names = ["placeField", "placeLatitude", "placeLongitude"].map((key) => this.root.dataset[key]);
    return names.flatMap((name) => {
      const input = name ? this.root.closest("form")?.elements.namedItem(name) : null;
      return input instanceof HTMLInputElement ? [input] : [];
    });
  }

  private typed(): Place | null {
    const text = this.inputs().map((input) => input.value.replace(/(\d),(\d)/g, "$1.$2"));
    const numbers = text.join(" ").match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
    const [latitude, longitude] = numbers;
    if (latitude === undefined || longitude === undefined || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
    return { latitude, longitude };
  }

  private follow(): void {
    const place = this.typed();
    if (!place) return;
    this.show(place);
    this.map.jumpTo({ center: [place.longitude, place.latitude] });
  }

  private show({ latitude, longitude }: Place): void {
    this.marker.setLngLat([longitude, latitude]).addTo(this.map);
  }

  private choose(place: Place): void {
    this.show(place);
    const [latitude, longitude] = [place.latitude.toFixed(DECIMALS), place.longitude.toFixed(DECIMALS)];
    const values = this.root.dataset["placeField"] ? [`${latitude}, ${longitude}`] : [latitude, longitude];
    for (const [rank, input] of this.inputs().entries()) {
      input.value = values[rank] ?? input.value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** An address or a place by its name, among the references of the portal. */
  private search(frame: HTMLElement): void {
    const field = frame.querySelector<HTMLInputElement>("[data-place-search]");
    const list = frame.querySelector<HTMLElement>("[data-place-results]");
    const address = field?.dataset["placeSearch"];
    if (!field || !list || !address) return;
    const look = async (): Promise<void> => {
      const answer = await fetch(`${address}?${new URLSearchParams({ q: field.value })}`).catch(() => null);
      if (!answer?.ok) return;
      const { places } = (await answer.json()) as { places: (Place & { title: string })[] };
      list.replaceChildren(
        ...places.map((place) => {
          const item = document.createElement("li");
          const button = item.appendChild(document.createElement("button"));
          button.type = "button";
          button.className = "link-button";
          button.textContent = place.title;
          button.addEventListener("click", () => this.map.jumpTo({ center: [place.longitude, place.latitude], zoom: NEAR }));
          return item;
        }),
      );
      list.setAttribute("aria-live", "polite");
    };
    frame.querySelector("[data-place-find]")?.addEventListener("click", () => void look());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // the form itself is not sent
      void look();
    });
  }
}
