import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { encodeDpp } from "../../plugin-api/dpp/encode.ts";
import { readWheelParts } from "../../plugin-api/dpp/from-wheel.ts";
import { openDpp } from "../../plugin-api/dpp/open.ts";
import type { DppParts } from "../../plugin-api/dpp/parts.ts";
import type { Session } from "../../plugin-api/session.ts";
import { StoreUpkeep } from "../../plugin-api/store-upkeep.ts";
import type * as commands from "./commands.ts";
import { carryOut, type Origin } from "./conversion.ts";
import { readSource } from "./places.ts";
import { parseStoredName, storedEntry } from "./stored-entry.ts";

const convert: RunOf<typeof commands.convert> = async (options, [operand = ""], session) => {
  const { cwd } = session;
  const { source, parts } = await partsFor(operand, session);
  const bytes = encodeDpp(parts);
  const name = `${path.basename(parts.metadata.wheelFilename, ".whl")}.dpp`;
  const view = openDpp(bytes, name);
  return carryOut({ source, view, name, output: options.output, bytes, mayReplace: options.force, cwd });
};
export default convert;

/** A file is taken before a package of that name. */
async function partsFor(
  operand: string,
  session: Session,
): Promise<{ readonly source: Origin; readonly parts: DppParts }> {
  const { cwd } = session;
  const wanted = parseStoredName(operand);
  if (wanted === undefined || fs.existsSync(path.resolve(cwd, operand))) {
    const { path: file, shown, bytes } = readSource(operand, cwd);
    const parts = readWheelParts(bytes, path.basename(file));
    return { source: { path: file, shown, sizeBytes: bytes.length }, parts };
  }
  const upkeep = await session.use(StoreUpkeep);
  const entry = storedEntry(upkeep.entries(), wanted, operand);
  const parts = await upkeep.parts(entry);
  const { wheelFilename, wheelBytes } = parts.metadata;
  return { source: { path: path.join(cwd, wheelFilename), shown: entry.label, sizeBytes: wheelBytes }, parts };
}
