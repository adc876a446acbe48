import type { RunOf } from "../../plugin-api/command.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import type { inject as spec } from "./commands.ts";
import { isChanged } from "./install.ts";
import { recall } from "./kept-settings.ts";
import { toolPlaces } from "./places.ts";
import { putTool } from "./put-tool.ts";
import { demandsOf, recordsOf, type ToolRecord } from "./record.ts";
import { reportOfTools } from "./told.ts";

/** Adds to what a tool's environment holds; what is in it already stays at its version (SPEC TOOL-02). */
const inject: RunOf<typeof spec> = async (options, [name = "", ...typed], session) => {
  const places = await toolPlaces(session);
  const [record] = recordsOf(places, [name], "inject") as readonly [ToolRecord];
  const more = await Promise.all(typed.map((text) => typedDemand(text, { command: "tool inject", session })));
  const names = new Set(more.map(({ requirement }) => requirement.name));
  const [own, ...before] = demandsOf(record) as readonly [Demand, ...Demand[]];
  const others = before.filter(({ requirement }) => !names.has(requirement.name));
  const preferences = new Map(record.pins.map((pin) => [pin.name, pin.version]));
  const settings = await recall(record.settings, session);
  const order = { demands: [own, ...others, ...more], settings, preferences, isDryRun: options.dryRun } as const;
  const put = await putTool(record.python === undefined ? order : { ...order, python: record.python }, places, session);
  const verb = options.dryRun ? "Would change" : "Changed";
  return reportOfTools(
    { changes: [{ ...put, isChanged: isChanged(put) }], verb, isDryRun: options.dryRun, places },
    session,
  );
};
export default inject;
