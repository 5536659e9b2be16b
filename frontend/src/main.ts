// Every public page: small comforts over pages that work without them.
import { enhanceCopy } from "./copy";
import { enhanceForms } from "./forms";
import { showCurrentTab } from "./tab-strip";
import { enhanceTheme } from "./theme";
import { enhanceTrail } from "./trail";

enhanceTheme();
showCurrentTab();
enhanceForms();
enhanceCopy();
enhanceTrail();
// A script that cannot come, the network being what it is, leaves the part as the server wrote it.
const none = (): void => undefined;
if (document.querySelector("[data-check]")) void import("./check").then((room) => room.enhanceCheck(), none);
if (document.querySelector("[data-console-form]")) void import("./console").then((room) => room.enhanceConsole(), none);
if (document.querySelector("[data-tabs]")) void import("./tabs").then((room) => room.enhanceTabs(), none);
if (document.querySelector("[data-around]")) void import("./around").then((room) => room.enhanceAround(), none);
if (document.querySelector("[data-board], [data-print]")) void import("./board").then((room) => room.enhanceBoard(), none);
if (document.querySelector("[data-suggestions]")) void import("./suggestions").then((room) => room.enhanceSuggestions(), none);
if (document.querySelector("[data-proof]")) void import("./proof").then((room) => room.enhanceProof(), none);
if (document.querySelector("[data-shrink]")) void import("./photos").then((room) => room.enhancePhotos(), none);
if (document.querySelector("form[data-alike]")) void import("./alike").then((room) => room.enhanceAlike(), none);
if (document.querySelector("[data-paving]")) void import("./paving").then((room) => room.enhancePaving(), none);
