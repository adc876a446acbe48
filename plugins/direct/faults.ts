import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { type ErrorDetail, PybunError } from "../../plugin-api/error.ts";
import { nearest } from "../../plugin-api/nearest.ts";

/** A reference that can't be understood, or leads to nothing that can be installed. */
export const invalid = (message: string, detail: ErrorDetail = {}): PybunError =>
  new PybunError("E_DIRECT_REFERENCE", message, detail);

/** `text`: the requirement as it is shown. */
export function missing(file: string, text: string): PybunError {
  const folder = path.dirname(file);
  const hasFolder = fs.existsSync(folder);
  const near = hasFolder ? nearest(path.basename(file), fs.readdirSync(folder)) : undefined;
  const prefix = /^.* @ /.exec(text)?.[0] ?? "";
  return new PybunError("E_DIRECT_MISSING", `\`${text}\` names a file that is not there`, {
    evidence: [hasFolder ? file : `there is no folder ${folder}`],
    hints: near ? [`did you mean: \`${prefix}${pathToFileURL(path.join(folder, near)).href}\``] : [],
    context: { path: file },
  });
}
