// Colours of the page's style sheet, as the map needs them; and the marks of a legend, drawn once.

const swatch = document.createElement("canvas");
swatch.width = swatch.height = 1;
const ink = swatch.getContext("2d", { willReadFrequently: true });

/** The colour of a custom property such as `--accent`, as `rgb(…)`; `share` mixes it with another. */
export function colour(name: string, share = 1, other = "--stone"): string {
  const probe = document.createElement("span");
  const value = share === 1 ? `var(${name})` : `color-mix(in oklab, var(${name}) ${share * 100}%, var(${other}))`;
  probe.style.color = value;
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  if (!ink) return computed;
  ink.clearRect(0, 0, 1, 1);
  ink.fillStyle = computed;
  ink.fillRect(0, 0, 1, 1);
  const [r, g, b] = ink.getImageData(0, 0, 1, 1).data;
  return `rgb(${r}, ${g}, ${b})`;
}

/** The colour of a mark: `c1`…`c7` categories, `c8` the others, `s1`…`s5` classes, `p` plain, `c0` unknown. */
export function markColour(mark: string): string {
  if (mark === "p") return colour("--accent");
  if (mark === "c0") return colour("--joint-strong");
  const rank = mark.slice(1);
  return colour(mark.startsWith("s") ? `--seq-${rank}` : `--cat-${rank}`);
}

const SIDE = 16;
const RATIO = 2;
/** Of a mark as it is drawn, in pixels. */
export const MARK_RADIUS = 5.4;

type Drawing = (path: Path2D, c: number, r: number) => void;

function polygon(sides: number, turn: number, wide = 1): Drawing {
  return (path, c, r) => {
    for (let n = 0; n < sides; n += 1) {
      const angle = turn + (n * 2 * Math.PI) / sides;
      path.lineTo(c + r * wide * Math.cos(angle), c + r * wide * Math.sin(angle));
    }
    path.closePath();
  };
}

const round: Drawing = (path, c, r) => path.arc(c, c, r, 0, 2 * Math.PI);

function cross(turn: number): Drawing {
  return (path, c, r) => {
    const arm = r * 0.38;
    const corners: [number, number][] = [
      [-arm, -r], [arm, -r], [arm, -arm], [r, -arm], [r, arm], [arm, arm],
      [arm, r], [-arm, r], [-arm, arm], [-r, arm], [-r, -arm], [-arm, -arm],
    ];
    for (const [x, y] of corners) {
      path.lineTo(c + x * Math.cos(turn) - y * Math.sin(turn), c + x * Math.sin(turn) + y * Math.cos(turn));
    }
    path.closePath();
  };
}

/** A shape for each rank, so that colour is never alone. */
const SHAPES: Drawing[] = [
  round,
  polygon(4, Math.PI / 4, 1.12),
  polygon(3, -Math.PI / 2, 1.22),
  polygon(4, 0, 1.15),
  cross(0),
  polygon(3, Math.PI / 2, 1.22),
  polygon(6, 0, 1.05),
  cross(Math.PI / 4),
];

/** The mark drawn in its colour, with a thin edge that holds on any ground. */
export function drawMark(mark: string, edge = colour("--paper"), fill = markColour(mark)): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE * RATIO;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.scale(RATIO, RATIO);
  const path = new Path2D();
  const shape = /^c[1-8]$/.test(mark) ? SHAPES[Number(mark[1]) - 1] : undefined;
  (shape ?? round)(path, SIDE / 2, MARK_RADIUS);
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = edge;
  pen.stroke(path);
  if (mark.startsWith("s")) {
    pen.lineWidth = 1.4;
    pen.strokeStyle = colour("--accent-strong");
    pen.stroke(path);
  }
  pen.fillStyle = fill;
  pen.fill(path);
  return canvas;
}

export function markImage(mark: string): ImageData | null {
  const canvas = drawMark(mark);
  return canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? null;
}

export const MARK_RATIO = RATIO;
