import type { RunOf } from "../../plugin-api/command.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import { nearest } from "../../plugin-api/nearest.ts";
import type { Report } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import { itemsOfTomlArray } from "../../plugin-api/toml-array.ts";
import type { remove as spec } from "./commands.ts";
import { dropRequirement } from "./edit-list.ts";
import { refuseProjectFlags, writeScript } from "./edit-script.ts";
import { type Removed, removeReport } from "./remove-report.ts";
import { openScript, type ScriptFile } from "./script-block.ts";
import { dropSource } from "./sources.ts";
import { asUnchanged, withRetry } from "./unchanged.ts";

interface Call {
  readonly options: Parameters<RunOf<typeof spec>>[0];
  readonly names: readonly string[];
  readonly script: string;
}

/** Out of the block of a script (PEP 723); its lock, if it has one, comes along. */
export function removeFromScript(call: Call, session: Session): Promise<Report> {
  refuseProjectFlags("remove", call.options);
  return asUnchanged(() => withRetry(() => removeOnce(call, session)));
}

const LIST = ["dependencies"];

async function removeOnce({ options, names, script }: Call, session: Session): Promise<Report> {
  const target = await openScript(script, session);
  const { file } = target;
  let { toml } = target;
  const removed: Removed[] = [];
  for (const name of names) {
    const dropped = dropRequirement(toml, LIST, name);
    if (dropped.gone.length === 0) throw notThere(name, target);
    removed.push(...dropped.gone.map((requirement) => ({ name, requirement })));
    toml = dropSource(dropped.text, name);
  }
  const text = target.withBlock(toml).replace(/\r\n?/g, "\n");
  const locked = options.frozen ? undefined : await (await session.use(Locks)).script({ file, text, isOnlyKept: true });
  if (!options.dryRun) await writeScript({ target, toml, held: locked?.held }, session);
  const edited = { files: [], before: locked?.before };
  return removeReport({ removed, edited, list: { kind: "dependencies" }, file, isDryRun: options.dryRun }, session);
}

function notThere(name: string, { toml, shown }: ScriptFile): PybunError {
  const items = itemsOfTomlArray(toml, LIST) ?? [];
  const known = items.flatMap((item) => /^[A-Za-z0-9][\w.-]*/.exec(item)?.[0] ?? []);
  const near = nearest(name, known);
  return new PybunError("E_NOT_A_DEPENDENCY", `\`${name}\` is not a dependency of ${shown}`, {
    evidence: [known.length === 0 ? "it has no dependencies at all" : `dependencies: ${known.join(", ")}`],
    hints: near === undefined ? [] : [`did you mean \`${near}\`: \`pybun remove --script ${shown} ${near}\``],
    context: { name, script: shown, known },
  });
}
