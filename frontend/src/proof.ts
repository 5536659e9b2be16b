// `[data-proof="/address"]` in a form: the browser does the work that keeps robots out, from the first touch of the form on.
// Nothing is asked of the reader. Without this script the form asks for a mail address instead.
import workerAddress from "altcha/workers/pbkdf2?url";

const FRESH = 100 * 60_000; // a challenge lasts two hours

interface Solution {
  counter: number;
  derivedKey: string;
}

export function enhanceProof(): void {
  if (!window.isSecureContext || !window.Worker) return; // browsers lend their cryptography to secure pages alone
  for (const place of document.querySelectorAll<HTMLElement>("[data-proof]")) prepare(place);
}

function prepare(place: HTMLElement): void {
  const form = place.closest("form");
  const field = place.querySelector<HTMLInputElement>("input[type=hidden]");
  if (!form || !field) return;
  field.value = ""; // what a former page sent was used
  let proof: Promise<string> | null = null;
  let begun = 0;
  const begin = (): Promise<string> => {
    if (!proof || Date.now() - begun > FRESH) {
      begun = Date.now();
      proof = solved(place.dataset.proof ?? "").catch(() => "");
    }
    return proof;
  };
  form.addEventListener("focusin", () => void begin(), { once: true });
  let ready = false;
  form.addEventListener("submit", (event) => {
    if (ready || event.defaultPrevented) return;
    event.preventDefault();
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    say(place, place.dataset.busy ?? "");
    void begin().then((text) => {
      // Later: a proof that is ready answers while this very event is still told, and a form refuses to be sent from within it.
      setTimeout(() => {
        field.value = text;
        ready = true;
        button?.removeAttribute("aria-busy");
        say(place, "");
        form.requestSubmit(button instanceof HTMLElement ? button : null);
        ready = false;
        proof = null; // sent once: the next one needs another
      });
    });
  });
}

/** The work done for a challenge of that address, as the server reads it; empty when there is none to be had. */
export async function solved(address: string): Promise<string> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) return "";
  const challenge: unknown = await answer.json();
  const solution = await work(challenge);
  return solution ? btoa(JSON.stringify({ challenge, solution })) : "";
}

function work(challenge: unknown): Promise<Solution | null> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerAddress);
    const end = (): void => worker.terminate();
    worker.onmessage = ({ data }: MessageEvent<Solution | null>) => {
      end();
      resolve(data);
    };
    worker.onerror = () => {
      end();
      reject(new Error("proof"));
    };
    worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1 });
  });
}

function say(place: HTMLElement, text: string): void {
  let line = place.querySelector<HTMLElement>("[role=status]");
  if (!line) {
    line = document.createElement("p");
    line.setAttribute("role", "status");
    place.append(line);
  }
  line.textContent = text;
}
