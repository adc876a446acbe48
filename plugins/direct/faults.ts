import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type ErrorDetail, PybunError } from "../../plugin-api/error.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { nearest } from "../../plugin-api/nearest.ts";

/** A reference that can't be understood, or leads to nothing that can be installed. */
export const invalid = (message: string, detail: ErrorDetail = {}): PybunError =>
  new PybunError("E_DIRECT_REFERENCE", message, detail);

/** `text`: the requirement as it is shown. */
export function missing(file: string, text: string): PybunError {
  const folder = path.dirname(file);
  const hasFolder = fs.existsSync(folder);
  const near = hasFolder ? nearest(path.basename(file), fs.readdirSync(folder)) : undefined;
  const name = text.slice(0, text.indexOf(" @ "));
  return new PybunError("E_DIRECT_MISSING", `\`${text}\` names a file that is not there`, {
    evidence: [hasFolder ? file : `there is no folder ${folder}`],
    hints: near ? [`did you mean: \`${name} @ ${pathToFileURL(path.join(folder, near)).href}\``] : [],
    context: { path: file },
  });
}

/** The archive or tree is that of another package than the requirement says. */
export const another = (name: PackageName, text: string, found: PackageName): PybunError =>
  new PybunError("E_DIRECT_NAME", `\`${text}\` leads to the package \`${found}\``, {
    hints: [`name it so: \`${found} @ ${text.slice(`${name} @ `.length)}\``],
    context: { name, found },
  });
