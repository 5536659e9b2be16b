// The page of a link by which files are sent without an account: pieces that resume, and the wait until the file is read.
import { followJobs } from "./upload/jobs";
import { enhanceUploads } from "./upload/sending";

enhanceUploads();
followJobs();
