// The console of the API: the answer comes without leaving the form, and Ctrl + Enter sends it.

export function enhanceConsole(): void {
  const form = document.querySelector<HTMLFormElement>("[data-console-form]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(form);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

let asked: AbortController | undefined;

async function send(form: HTMLFormElement): Promise<void> {
  const pairs = [...new FormData(form)].filter(([, value]) => value !== "") as [string, string][];
  const address = `${location.pathname}?${new URLSearchParams([...pairs, ["envoyer", "1"]])}`;
  asked?.abort();
  const { signal } = (asked = new AbortController());
  document.querySelector("#reponse")?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector<HTMLElement>("#reponse");
    const shown = document.querySelector("#reponse"); // that of a former question may have come meanwhile
    if (!found || !shown) throw new Error("no answer in the page");
    if (navigator.clipboard) for (const button of found.querySelectorAll<HTMLElement>("[data-copy]")) button.hidden = false;
    shown.replaceWith(found);
    history.replaceState(null, "", `${address}#reponse`);
    found.focus();
  } catch {
    if (signal.aborted) return; // another was asked
    // The page itself says what went wrong.
    location.assign(`${address}#reponse`);
  }
}
