// Back office: files sent in pieces that resume, and jobs followed to their end.
import { followJobs } from "./upload/jobs";
import { enhanceUploads } from "./upload/sending";

enhanceUploads();
followJobs();
if (document.querySelector("[data-entry]")) void import("./entry").then((room) => room.enhanceEntry());
