// The public check of a file: how far the upload is, then that the check goes on; the plain form does the rest.
export function enhanceCheck(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-check]")) {
    const box = form.querySelector<HTMLElement>("[data-check-progress]");
    const bar = box?.querySelector("progress");
    const text = box?.querySelector<HTMLElement>("[data-check-text]");
    if (box && bar && text) form.addEventListener("submit", (event) => send(event, form, box, bar, text));
  }
}

function send(event: SubmitEvent, form: HTMLFormElement, box: HTMLElement, bar: HTMLProgressElement, text: HTMLElement): void {
  event.preventDefault();
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const request = new XMLHttpRequest();
  const say = (words: string): void => {
    if (text.textContent !== words) text.textContent = words;
  };
  box.hidden = false;
  if (button) button.disabled = true;
  say(`${text.dataset["sending"] ?? ""}…`);
  request.upload.addEventListener("progress", (step) => {
    if (!step.lengthComputable) return;
    const percent = Math.floor((100 * step.loaded) / step.total);
    bar.value = percent;
    if (percent % 10 === 0) say(`${text.dataset["sending"] ?? ""} : ${percent}\u00a0%`);
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value");
    say(`${text.dataset["checking"] ?? ""}…`);
  });
  request.addEventListener("load", () => {
    // A report has an address of its own, where the answer was redirected; a refusal is the form again.
    if (request.status < 400 && request.responseURL && request.responseURL !== location.href) {
      location.assign(request.responseURL);
    } else {
      show(request.responseText);
    }
  });
  request.addEventListener("error", () => {
    form.submit();
  });
  request.open("POST", form.action);
  request.send(new FormData(form));
}

function show(page: string): void {
  const next = new DOMParser().parseFromString(page, "text/html");
  const main = next.querySelector("main");
  if (!main) return;
  document.title = next.title;
  document.querySelector("main")?.replaceWith(main);
  enhanceCheck();
  const error = document.querySelector<HTMLElement>("#erreur");
  error?.setAttribute("tabindex", "-1");
  error?.focus();
}
