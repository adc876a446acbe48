import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Artifact } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Pin } from "../../plugin-api/model/resolution.ts";
import type { Asked } from "../../plugin-api/requirements/asked.ts";
import { Store } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { metadataJson } from "./metadata-json.ts";
import { PIP_LEVEL } from "./pip-level.ts";

export interface ReportOrder {
  /** As typed; `-` for standard output. */
  readonly file: string;
  readonly artifacts: readonly Artifact[];
  readonly asked: readonly Asked[];
  readonly interpreter: Interpreter;
}

/** pip's installation report (version 1): written to its file, or given back for standard output. */
export async function writeReport(order: ReportOrder, session: Session): Promise<string | undefined> {
  const { file, artifacts, asked, interpreter } = order;
  const store = await session.use(Store);
  const install = artifacts.map(({ pin, entry }) => {
    const { infoDir } = store.layout(entry);
    const text = fs.readFileSync(path.join(entry.path, "tree", infoDir, "METADATA"), "utf8");
    const extras = asked.flatMap(({ entry: { isConstraint }, demand: { requirement } }) =>
      !isConstraint && requirement.name === pin.name ? requirement.extras : [],
    );
    return {
      download_info: downloadInfo(pin),
      is_direct: pin.source.kind !== "index",
      is_yanked: pin.file.isYanked,
      requested: pin.isDirect,
      ...(extras.length > 0 && { requested_extras: [...new Set(extras)].sort() }),
      metadata: metadataJson(text),
    };
  });
  const { markers } = interpreter;
  const report = JSON.stringify({ version: "1", pip_version: PIP_LEVEL, install, environment: markers }, undefined, 2);
  if (file === "-") return report;
  writeUsersFile(path.resolve(session.cwd, file), report);
  return undefined;
}

function downloadInfo({ source, file }: Pin) {
  if (source.kind === "git") {
    const { url, commit, reference, subdirectory } = source;
    const info = { vcs: "git", ...(reference !== undefined && { requested_revision: reference }), commit_id: commit };
    return { url, vcs_info: info, ...(subdirectory !== undefined && { subdirectory }) };
  }
  const isFolder =
    source.kind === "path" && fs.statSync(source.path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) {
    const { path: folder, isEditable } = source;
    return { url: pathToFileURL(folder).href, dir_info: isEditable ? { editable: true } : {} };
  }
  const { sha256 } = file;
  const info = sha256 === undefined ? {} : { hash: `sha256=${sha256}`, hashes: { sha256 } };
  const below =
    "subdirectory" in source && source.subdirectory !== undefined ? { subdirectory: source.subdirectory } : {};
  return { url: file.url.split("#", 1)[0], archive_info: info, ...below };
}
