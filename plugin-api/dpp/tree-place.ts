import type { WheelFile } from "../archive/wheel-files.ts";
import type { DppFile } from "./parts.ts";

const OWN_FOLDER = /^[^/]*\.data\/(?:purelib|platlib)\//i;

/** Where a file lies in an unpacked wheel (see `WheelFile.treePath`), and whose it is there. */
export function placeInTree({
  path,
  scheme,
}: Pick<DppFile, "path" | "scheme">): Pick<WheelFile, "scheme" | "treePath"> {
  if (scheme === "dist-info") return { scheme: "info", treePath: path };
  if (scheme !== "purelib" && scheme !== "platlib") return { scheme, treePath: path };
  // Most paths have no such part, and the expression is dear.
  return { scheme: "site", treePath: path.includes("lib/") ? path.replace(OWN_FOLDER, "") : path };
}
