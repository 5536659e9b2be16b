// `<button data-around data-refused="…">` in the form of a list: what is near the reader, once the browser says where that is.

const DECIMALS = 3; // a hundred metres: the address of the page is kept in histories and logs

export function enhanceAround(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-around]");
  if (!button || !navigator.geolocation) return;
  button.hidden = false;
  button.addEventListener("click", () => locate(button));
}

function locate(button: HTMLButtonElement): void {
  button.setAttribute("aria-busy", "true");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const address = new URL(window.location.href);
      address.searchParams.set("pres", `${coords.latitude.toFixed(DECIMALS)},${coords.longitude.toFixed(DECIMALS)}`);
      address.searchParams.delete("page");
      window.location.assign(address);
    },
    () => {
      button.removeAttribute("aria-busy");
      say(button, button.dataset.refused ?? "");
    },
    { timeout: 15_000, maximumAge: 60_000 },
  );
}

function say(button: HTMLElement, text: string): void {
  const line = button.parentElement?.querySelector("[role=alert]") ?? document.createElement("p");
  line.setAttribute("role", "alert");
  if (!line.parentElement) button.parentElement?.append(line);
  line.textContent = text;
}
