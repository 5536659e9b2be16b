// The scoreboard: tiles are dragged to another place, which opens the address of that order; links do the same by keyboard.
//
// <ol data-board><li data-slug="arbres-suivis">…

export function enhanceBoard(): void {
  const board = document.querySelector<HTMLElement>("[data-board]");
  if (board) makeMovable(board);
  const print = document.querySelector<HTMLButtonElement>("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
}

function makeMovable(board: HTMLElement): void {
  let lifted: HTMLElement | null = null;
  for (const tile of tilesOf(board)) tile.draggable = true;
  board.addEventListener("dragstart", (event) => {
    lifted = tileAt(event);
    lifted?.classList.add("lifted");
    event.dataTransfer?.setData("text/plain", lifted?.dataset.slug ?? "");
  });
  board.addEventListener("dragover", (event) => {
    const over = tileAt(event);
    if (!lifted || !over) return;
    event.preventDefault();
    for (const tile of tilesOf(board)) tile.classList.toggle("target", tile === over && tile !== lifted);
  });
  board.addEventListener("drop", (event) => {
    const over = tileAt(event);
    if (!lifted || !over || over === lifted) return;
    event.preventDefault();
    const tiles = tilesOf(board);
    if (tiles.indexOf(lifted) < tiles.indexOf(over)) over.after(lifted);
    else over.before(lifted);
    open(tilesOf(board).map((tile) => tile.dataset.slug ?? ""));
  });
  board.addEventListener("dragend", () => {
    for (const tile of tilesOf(board)) tile.classList.remove("lifted", "target");
    lifted = null;
  });
}

function tilesOf(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>(":scope > [data-slug]")];
}

function tileAt(event: DragEvent): HTMLElement | null {
  return (event.target as HTMLElement).closest<HTMLElement>("[data-slug]");
}

function open(slugs: string[]): void {
  const address = new URL(location.href);
  address.searchParams.delete("i");
  for (const slug of slugs) address.searchParams.append("i", slug);
  address.hash = "";
  location.assign(address);
}
