// Maps of several layers: each `figure[data-atlas]` shows the server's picture and lists; here it comes alive when it is near.
// The library of maps is loaded then, and not before. Without this script nothing is missing.
import { enhanceMaker } from "./making";
import { popupTexts } from "./popups";

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      void enliven(entry.target as HTMLElement);
    }
  },
  { rootMargin: "300px" },
);

async function enliven(figure: HTMLElement): Promise<void> {
  try {
    const { bring } = await import("./atlas/alive");
    if (figure.isConnected) bring(figure);
  } catch {
    // The library could not come: the picture and the lists stay, and say the same.
  }
}

/** Watch every map below `root`. */
function enhanceAtlases(root: ParentNode): void {
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-atlas]")) seen.observe(figure);
}

enhanceAtlases(document);
popupTexts(document);
enhanceMaker("map", (root) => {
  enhanceAtlases(root);
  popupTexts(document);
});
