// Wagtail starts its choosers, its calendars and its inline panels by scripts written in the page, which the policy of the back office does
// not run. Our templates write the same calls as attributes, read here by a controller of Wagtail's own Stimulus: it starts what is there
// and what comes later (a child added to a panel, the form of a window) alike. These names alone may be called.
interface Controller {
  readonly element: HTMLElement;
}
interface Wagtail {
  StimulusModule?: { Controller: new (...parts: never[]) => Controller };
  jQuery?: { Jcrop?: { defaults: { touchSupport: boolean } } };
  wagtail?: { app: { register(name: string, controller: unknown): void } };
}
type Start = (...parts: unknown[]) => void;
type Made = new (...parts: unknown[]) => unknown;

const FUNCTIONS = new Set(["initDateChooser", "initTimeChooser", "initDateTimeChooser"]);
const CLASSES = new Set(["ImageChooser", "DocumentChooser", "PageChooser", "SnippetChooser", "Chooser", "InlinePanel", "MultipleChooserPanel"]);

function start(element: HTMLElement): void {
  const { parvisStartCallValue: call = "", parvisStartIdValue: id, parvisStartOptionsValue: options = "{}" } = element.dataset;
  const made = (window as unknown as Record<string, unknown>)[call];
  const parts: unknown[] = [...(id ? [id] : []), JSON.parse(options)];
  if (FUNCTIONS.has(call)) (made as Start)(...parts);
  else if (CLASSES.has(call)) new (made as Made)(...parts);
}

function register(): void {
  const { StimulusModule, wagtail, jQuery } = window as unknown as Wagtail;
  // What chooses the centre of a picture would learn whether fingers are there by an attribute that the policy refuses.
  if (jQuery?.Jcrop) jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in window;
  if (!StimulusModule || !wagtail) return;
  class Starter extends StimulusModule.Controller {
    connect(): void {
      start(this.element);
      // A page that comes back from the browser's memory connects again what is started already.
      this.element.removeAttribute("data-controller");
    }
  }
  wagtail.app.register("parvis-start", Starter);
}

// What is called may be in scripts that wait for the page to be read.
if (document.readyState === "complete") register();
else addEventListener("DOMContentLoaded", register);
