import type { RunOf } from "../../plugin-api/command.ts";
import { openDpp } from "../../plugin-api/dpp/open.ts";
import { toWheel } from "../../plugin-api/dpp/to-wheel.ts";
import type * as commands from "./commands.ts";
import { carryOut } from "./conversion.ts";
import { readSource } from "./places.ts";

const makeWheel: RunOf<typeof commands.toWheel> = async (options, [operand = ""], session) => {
  const { cwd } = session;
  const source = readSource(operand, cwd);
  const view = openDpp(source.bytes, source.shown);
  const { filename, bytes } = toWheel(view);
  const origin = { ...source, sizeBytes: source.bytes.length };
  return carryOut({
    source: origin,
    view,
    name: filename,
    output: options.output,
    bytes,
    mayReplace: options.force,
    cwd,
  });
};
export default makeWheel;
