// `<input type="file" data-shrink>`: a photo is made smaller before it leaves, and loses there already what the camera wrote in it.
import { hold, shrunk } from "./collect/photos";

export function enhancePhotos(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-shrink]")) {
    const shrink = (): void => {
      const file = input.files?.[0];
      if (file) void shrunk(file).then((smaller) => replace(input, file, smaller));
    };
    input.addEventListener("change", shrink);
    shrink(); // one chosen before this script came
  }
}

function replace(input: HTMLInputElement, file: File, smaller: File): void {
  if (smaller !== file && input.files?.[0] === file) hold(input, smaller); // unless another was chosen meanwhile
}
