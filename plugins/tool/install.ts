import type { RunOf } from "../../plugin-api/command.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import { SettingsTable } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { typedDemand } from "../../plugin-api/typed-requirement.ts";
import type { install as spec } from "./commands.ts";
import { isSameAs, type KeptSettings, recall, typedSettings } from "./kept-settings.ts";
import { toolPlaces } from "./places.ts";
import { type PutTool, putTool } from "./put-tool.ts";
import { readRecord, type ToolRecord } from "./record.ts";
import { damageOf } from "./state.ts";
import { reportOfTools, warnOfPath } from "./told.ts";
import { parseToolSpec } from "./tool-spec.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC TOOL-01. */
const install: RunOf<typeof spec> = async (options, [typed = ""], session) => {
  const places = await toolPlaces(session);
  const demands = await demandsTyped(options, typed, session);
  const python = await pythonTyped(session);
  const { name } = demands[0].requirement;
  const known = options.force ? undefined : readRecord(places, name);
  const settings = await settingsFor(known, session);
  const asked = { demands, python, settings };
  const isSame = known !== undefined && !typed.endsWith("@latest") && isAskedFor(known, asked);
  const damage = isSame ? await damageOf(known, places, session) : undefined;
  const verb = options.dryRun ? "Would install" : "Installed";
  const about = { verb, isDryRun: options.dryRun, places };
  if (isSame && damage === undefined)
    return reportOfTools({ ...about, changes: [{ before: known, after: known, isChanged: false }] }, session);
  const order = { ...asked, isForced: options.force, isDryRun: options.dryRun };
  const put = await putTool(isSame ? { ...order, pins: known.pins } : order, places, session);
  if (!options.dryRun) await warnOfPath(places, session);
  return reportOfTools({ ...about, changes: [{ ...put, isChanged: true }] }, session);
};
export default install;

/** What a tool's environment is changed in. */
export const isChanged = ({ plan, before, after }: PutTool): boolean =>
  plan.install.length > 0 ||
  plan.remove.length > 0 ||
  before?.commands.join("\n") !== after.commands.join("\n") ||
  before.bins.length !== after.bins.length;

async function demandsTyped(
  options: Options,
  typed: string,
  session: Session,
): Promise<readonly [Demand, ...Demand[]]> {
  const place = { command: "tool install", session };
  const own = options.editable
    ? await typedDemand(typed, { ...place, isEditable: true })
    : (await parseToolSpec(typed, session, place.command)).demand;
  const more = await Promise.all(options.with.map((text) => typedDemand(text, place)));
  return [own, ...more];
}

/** A project asks for the Python of its own work, not for that of the tools of its users. */
export async function pythonTyped(session: Session): Promise<string | undefined> {
  const entry = (await session.use(SettingsTable)).get("python");
  const isTyped = entry?.origin.kind === "argv" || entry?.origin.kind === "environment";
  return isTyped ? (entry.value as string | undefined) : undefined;
}

interface Asked {
  readonly demands: readonly Demand[];
  readonly python: string | undefined;
  readonly settings: KeptSettings;
}

/** Who types no index says nothing of the one that was typed before. */
async function settingsFor(known: ToolRecord | undefined, session: Session): Promise<KeptSettings> {
  const typed = await typedSettings(session);
  return known && Object.keys(typed).length === 0 ? recall(known.settings, session) : typed;
}

function isAskedFor(known: ToolRecord, { demands, python, settings }: Asked): boolean {
  const [own, ...more] = demands.map(({ requirement }) => formatRequirement(requirement));
  const isEqual = known.requirement === own && known.with.toSorted().join("\n") === more.sort().join("\n");
  const isFromThere = isSameAs(known.settings, settings);
  return isEqual && isFromThere && (python === undefined || known.python === python);
}
