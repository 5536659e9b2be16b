// Back office: files sent in pieces that resume, jobs followed to their end, and what Wagtail leaves without a name.
import { enhanceComboboxes } from "./combobox";
import { enhanceEverything } from "./everything";
import { enhanceFileFields } from "./files";
import { labelScreens } from "./labels";
import { followJobs } from "./upload/jobs";
import { enhanceUploads } from "./upload/sending";

enhanceUploads();
followJobs();
labelScreens();
enhanceComboboxes();
enhanceEverything();
enhanceFileFields();
if (document.querySelector("[data-entry]")) void import("./entry").then((room) => room.enhanceEntry(), () => undefined);
if (document.querySelector("[data-live]")) void import("./live").then((room) => room.enhanceLive(), () => undefined);
