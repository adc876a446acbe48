import fs from "node:fs";
import path from "node:path";
import { createFile } from "../../plugin-api/archive/write-members.ts";
import type { RunOf } from "../../plugin-api/command.ts";
import { type DppView, openDpp } from "../../plugin-api/dpp/open.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { randomName } from "../../plugin-api/hash/native.ts";
import { removeTree } from "../../plugin-api/system/remove-tree.ts";
import { writeAll } from "../../plugin-api/system/write-all.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";
import type * as commands from "./commands.ts";
import { readSource, shownPath } from "./places.ts";

const extract: RunOf<typeof commands.extract> = async (_options, [operand = "", folder = ""], session) => {
  const source = readSource(operand, session.cwd);
  const target = path.resolve(session.cwd, folder);
  const shown = shownPath(target, session.cwd);
  const view = openDpp(source.bytes, source.shown);
  const files = view.files();
  checkFree(target, shown);
  writeFolder(view, target);
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return {
    exitCode: 0,
    data: { source: source.shown, output: shown, files: files.length, bytes },
    text: (ui) =>
      `${ui.ok("Extracted")} ${counted(files.length, "file")} to ${ui.name(shown)} ${ui.dim(`(${formatSize(bytes)})`)}`,
  };
};
export default extract;

function checkFree(target: string, shown: string): void {
  const there = fs.lstatSync(target, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isDirectory()) throw new PybunError("E_DPP_PLACE", `\`${shown}\` is no folder`, { file: target });
  if (fs.readdirSync(target).length === 0) return;
  throw new PybunError("E_DPP_PLACE", `the folder \`${shown}\` is not empty`, {
    file: target,
    hints: ["name a new or an empty folder"],
  });
}

/** All files or none: they are written beside the folder, which then takes its place. */
function writeFolder(view: DppView, target: string): void {
  const parent = path.dirname(target);
  fs.mkdirSync(parent, { recursive: true });
  const unfinished = path.join(parent, `.${path.basename(target)}.${randomName(6)}.tmp`);
  fs.mkdirSync(unfinished);
  try {
    for (const file of view.files()) {
      const place = path.join(unfinished, file.path);
      fs.mkdirSync(path.dirname(place), { recursive: true });
      const content = view.content(file);
      const fd = createFile(place, file.mode);
      try {
        writeAll(fd, content, { file: place });
      } finally {
        fs.closeSync(fd);
      }
    }
    if (fs.existsSync(target)) fs.rmdirSync(target);
    fs.renameSync(unfinished, target);
  } catch (error) {
    removeTree(unfinished);
    throw error;
  }
}
