// Wagtail starts its choosers and its inline panels by scripts written in the page, which our policy stops. What they would call is read
// as data here: these names alone, with JSON for arguments.
type Start = new (...parts: unknown[]) => unknown;

const CHOOSER = /^\s*new (ImageChooser|DocumentChooser|PageChooser|SnippetChooser)\((".*?"), (\{.*\})\);\s*$/s;
const PANEL = /new InlinePanel\(JSON\.parse\((".*")\)\);/s;

function start(name: string, ...parts: unknown[]): void {
  const made = (window as unknown as Record<string, Start | undefined>)[name];
  if (made) new made(...parts);
}

for (const script of document.querySelectorAll<HTMLScriptElement>("form script:not([src]):not([type])")) {
  const text = script.textContent;
  const chooser = CHOOSER.exec(text);
  const panel = PANEL.exec(text);
  if (chooser) start(chooser[1] ?? "", JSON.parse(chooser[2] ?? ""), JSON.parse(chooser[3] ?? ""));
  else if (panel) start("InlinePanel", JSON.parse(JSON.parse(panel[1] ?? "") as string));
}
