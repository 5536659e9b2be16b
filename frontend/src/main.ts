// Every public page: small comforts over pages that work without them.
import { enhanceCopy } from "./copy";
import { enhanceForms } from "./forms";
import { enhanceTheme } from "./theme";
import { enhanceTrail } from "./trail";

enhanceTheme();
enhanceForms();
enhanceCopy();
enhanceTrail();
if (document.querySelector("[data-check]")) void import("./check").then((room) => room.enhanceCheck());
if (document.querySelector("[data-console-form]")) void import("./console").then((room) => room.enhanceConsole());
if (document.querySelector("[data-tabs]")) void import("./tabs").then((room) => room.enhanceTabs());
if (document.querySelector("[data-around]")) void import("./around").then((room) => room.enhanceAround());
if (document.querySelector("[data-board], [data-print]")) void import("./board").then((room) => room.enhanceBoard());
if (document.querySelector("[data-suggestions]")) void import("./suggestions").then((room) => room.enhanceSuggestions());
