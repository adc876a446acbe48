import type { Diagnostic } from "./diagnostic.ts";
import { serviceKey } from "./service.ts";
import type { Outcome } from "./stages.ts";

/** What a program lacked that ended because it found a module missing (SPEC RUN-07). */
export interface MissingImport {
  /** As the program names it: `cv2`, `google.cloud.storage`. */
  readonly module: string;
  /** `E_IMPORT_MISSING`, with the place, whose module it is, whether that is declared and installed, and what mends it. */
  readonly diagnostic: Diagnostic;
}
export interface MissingImports {
  /** Reads the captured output of a program that ended; undefined where it ended for another reason. */
  explain(outcome: Outcome): Promise<MissingImport | undefined>;
}
export const MissingImports = serviceKey<MissingImports>("MissingImports");
