// Fields for files say their words in the language of the page, where browsers speak their own: the label is a button, the name of the
// file stands beside it. The field stays under it, for the keyboard and for what is dropped on it.

import { say } from "./upload/words";

export function enhanceFileFields(): void {
  for (const field of document.querySelectorAll<HTMLInputElement>(".bo-page input[type=file], .w-field input[type=file]")) dress(field);
}

function dress(field: HTMLInputElement): void {
  const around = document.createElement("span");
  const button = document.createElement("span");
  const name = document.createElement("span");
  around.className = "bo-file";
  button.className = "button button-secondary";
  button.textContent = say(field.multiple ? "choose-several" : "choose");
  button.setAttribute("aria-hidden", "true"); // the field has its own label
  name.className = "bo-file-name";
  field.before(around);
  around.append(field, button, name);
  const tell = (): void => {
    name.textContent = [...(field.files ?? [])].map((file) => file.name).join(", ") || say("no-file");
  };
  field.addEventListener("change", tell);
  tell();
}
