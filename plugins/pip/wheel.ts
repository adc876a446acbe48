import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { chosenArchives, saveWheel } from "./archives.ts";
import { asPip } from "./as-pip.ts";
import type { wheel as spec } from "./more-commands.ts";

/** SPEC PIP-01. */
const wheel: RunOf<typeof spec> = async (typed, operands, session) => {
  const { pins, interpreter } = await chosenArchives({ path: "pip wheel", operands, typed }, session);
  const folder = path.resolve(session.cwd, typed.wheelDir);
  fs.mkdirSync(folder, { recursive: true });
  const saved = await Promise.all(pins.map((pin) => saveWheel(pin, { folder, interpreter }, session)));
  return {
    exitCode: 0,
    data: { folder, saved: saved.map((file) => path.basename(file)) },
    text: (ui) => (ui.isQuiet ? "" : saved.map((file) => `Saved ./${path.relative(session.cwd, file)}`).join("\n")),
  };
};
export default asPip(wheel);
