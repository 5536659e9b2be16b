// Every public page: small comforts over pages that work without them.
import { enhanceCopy } from "./copy";
import { enhanceForms } from "./forms";
import { enhanceTheme } from "./theme";
import { enhanceTrail } from "./trail";

enhanceTheme();
enhanceForms();
enhanceCopy();
enhanceTrail();
