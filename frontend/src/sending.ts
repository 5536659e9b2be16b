// A long form that is sent from any of its fields: Ctrl + Enter, where Enter alone opens a list or begins a line.
//
// <form data-sending>: `[data-sending-hint]` says it, and is hidden until then.

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sending]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.querySelector<HTMLElement>("[data-sending-hint]")?.removeAttribute("hidden");
}

export {};
