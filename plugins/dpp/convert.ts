import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { encodeDpp } from "../../plugin-api/dpp/encode.ts";
import { readWheelParts } from "../../plugin-api/dpp/from-wheel.ts";
import { openDpp } from "../../plugin-api/dpp/open.ts";
import type * as commands from "./commands.ts";
import { carryOut } from "./conversion.ts";
import { readSource } from "./places.ts";

const convert: RunOf<typeof commands.convert> = async (options, [operand = ""], session) => {
  const { cwd } = session;
  const source = readSource(operand, cwd);
  const bytes = encodeDpp(readWheelParts(source.bytes, path.basename(source.path)));
  const name = `${path.basename(source.path, ".whl")}.dpp`;
  const view = openDpp(bytes, name);
  return carryOut({ source, view, name, output: options.output, bytes, mayReplace: options.force, cwd });
};
export default convert;
