import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { chosenArchives, isFolder, saveArchive } from "./archives.ts";
import { asPip } from "./as-pip.ts";
import type { download as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const download: RunOf<typeof spec> = async (typed, operands, session) => {
  const { pins } = await chosenArchives({ path: "pip download", operands, typed }, session);
  const folder = path.resolve(session.cwd, typed.dest);
  fs.mkdirSync(folder, { recursive: true });
  // Of a folder there is nothing to download but what it requires.
  const saved = await Promise.all(pins.filter((pin) => !isFolder(pin)).map((pin) => saveArchive(pin, folder, session)));
  return {
    exitCode: 0,
    data: { folder, saved: saved.map((file) => path.basename(file)) },
    text: (ui) => {
      if (ui.isQuiet || pins.length === 0) return "";
      const lines = saved.map((file) => `Saved ./${path.relative(session.cwd, file)}`);
      return [...lines, `${ui.ok("Successfully downloaded")} ${pins.map(({ name }) => name).join(" ")}`].join("\n");
    },
  };
};
export default asPip(download);
