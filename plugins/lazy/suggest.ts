import { PybunError } from "../../plugin-api/error.ts";
import type { Perform } from "../../plugin-api/plugin.ts";
import { Prompts } from "../../plugin-api/prompts.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { formatTomlValue } from "../../plugin-api/toml-value.ts";
import { findCulprits } from "./find-culprits.ts";
import { importTimes } from "./import-times.ts";
import { type LazyPolicy, policyOf } from "./policy.ts";
import { settings } from "./settings.ts";
import { difference, type Trial, type Try, triesOf, type Waited } from "./trial.ts";
import { writeSuggestion } from "./write-suggestion.ts";

/** A configuration, and what is known of it. */
export interface Suggestion {
  readonly policy: LazyPolicy;
  /** Modules that need not be imported, with what importing them takes. */
  readonly gains: readonly { readonly module: string; readonly ms: number }[];
  /** Entries that the program needs in `deny`. */
  readonly deny: readonly string[];
  readonly eagerMs: number;
  readonly lazyMs: number;
}

/** Modules that take less are not worth a line. */
const LEAST_MS = 1;
const REPEATS = 3;

/** Answers a run with what could wait in it, instead of running it for its own sake. */
const suggest: Perform<"run"> = async (invocation, session) => {
  const current = policyOf(settingsOf(session, settings));
  const found = await suggestionFor(current, triesOf(invocation, session));
  const host = await session.use(Host);
  const changes = changesOf(current, found);
  const target = await writeSuggestion(changes, {
    host,
    ask: async (question) => (await session.use(Prompts)).confirm(question, false),
  });
  const data = {
    eager_ms: Math.round(found.eagerMs),
    lazy_ms: Math.round(found.lazyMs),
    unused: found.gains,
    deny: found.deny,
    settings: changes,
    written: target.isWritten,
    path: target.file ?? null,
  };
  const shown = target.file === undefined ? undefined : showPath(target.file, host);
  const text = (ui: TextStyle): string => suggestionText(found, changes, { ui, shown, isWritten: target.isWritten });
  return { invocation, argv: [], exitCode: 0, execMode: "spawn", told: { data, text } };
};
export default suggest;

/** Finds the settings with which the program is the same and starts soonest. Throws `E_LAZY_UNSTEADY`. */
async function suggestionFor(current: LazyPolicy, run: Try): Promise<Suggestion> {
  const off: LazyPolicy = { ...current, mode: "off" };
  const eager = await run(off);
  const again = await run(off);
  const unsteady = eager.exitCode === 0 ? difference(eager, again) : `it ends with exit code ${eager.exitCode}`;
  if (unsteady !== undefined)
    throw new PybunError("E_LAZY_UNSTEADY", "the program can't be compared with itself", {
      evidence: [unsteady],
      hints: ["give it arguments with which it ends well and prints the same each time, such as `--help`"],
    });
  const everything: LazyPolicy = { ...current, mode: "all", fallback: true, logImports: false };
  const deny = await denied(everything, { eager, run });
  const lazy = await run({ ...everything, deny: [...current.deny, ...deny] });
  const gains = await gainsOf(lazy.waited ?? [], { run, off });
  const policy: LazyPolicy =
    current.mode === "all"
      ? { ...current, deny: [...current.deny, ...deny] }
      : { ...current, mode: "profile", allow: union(current.allow, outermost(gains)), deny: union(current.deny, deny) };
  const times = { eager: [eager.ms, again.ms], lazy: [] as number[] };
  for (let count = 0; count < REPEATS; count++) {
    const trial = await run(policy);
    const different = difference(eager, trial);
    if (different !== undefined)
      throw new PybunError("E_LAZY_UNSTEADY", "the program changes when imports wait, in a way that comes and goes", {
        evidence: [different],
      });
    times.lazy.push(trial.ms);
    times.eager.push((await run(off)).ms);
  }
  return { policy, gains, deny, eagerMs: median(times.eager), lazyMs: median(times.lazy) };
}

interface Compared {
  readonly eager: Trial;
  readonly run: Try;
}

/** Entries with which the program is the same as without lazy imports. Throws `E_LAZY_UNSTEADY` where there are none. */
async function denied(everything: LazyPolicy, { eager, run }: Compared): Promise<readonly string[]> {
  const holds = async (deny: readonly string[]) => {
    const trial = await run({ ...everything, deny: [...everything.deny, ...deny] });
    return { isSame: difference(eager, trial) === undefined, waited: trial.waited ?? [] };
  };
  const first = await holds([]);
  if (first.isSame) return [];
  const culprits = await findCulprits(first.waited, holds);
  if (culprits === undefined)
    throw new PybunError("E_LAZY_UNSTEADY", "the program changes when imports wait, whichever are excepted");
  return culprits;
}

/** What was never imported, with what it takes where nothing waits; what another of them brings is left out. */
async function gainsOf(
  waited: readonly Waited[],
  { run, off }: { readonly run: Try; readonly off: LazyPolicy },
): Promise<Suggestion["gains"]> {
  const times = importTimes((await run(off, { PYTHONPROFILEIMPORTTIME: "1" })).stderr);
  const used = new Set(waited.flatMap(({ modules, isUsed }) => (isUsed ? modules : [])));
  const modules = union(
    [],
    waited.flatMap(({ modules: each, isUsed }) => (isUsed ? [] : each)),
  );
  return modules
    .filter((module) => !used.has(module))
    .map((module) => ({ module, ms: times.get(module) ?? 0 }))
    .filter(({ ms }) => ms >= LEAST_MS)
    .sort((one, other) => other.ms - one.ms);
}

/** `pandas` says what `pandas.io` says, too. */
function outermost(gains: Suggestion["gains"]): readonly string[] {
  const names = gains.map(({ module }) => module);
  return names.filter((name) => !names.some((other) => name.startsWith(`${other}.`)));
}

const union = (one: readonly string[], other: readonly string[]): readonly string[] => [...new Set([...one, ...other])];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** Keys below `run.lazy` that would have other values. */
function changesOf(current: LazyPolicy, { policy }: Suggestion): Readonly<Record<string, string | readonly string[]>> {
  const keys = ["mode", "allow", "deny"] as const;
  if (policy.mode === "profile" && policy.allow.length === 0) return {};
  return Object.fromEntries(
    keys.flatMap((key) => (JSON.stringify(policy[key]) === JSON.stringify(current[key]) ? [] : [[key, policy[key]]])),
  );
}

function suggestionText(
  { gains, deny, eagerMs, lazyMs }: Suggestion,
  changes: Readonly<Record<string, string | readonly string[]>>,
  { ui, shown, isWritten }: { readonly ui: TextStyle; readonly shown: string | undefined; readonly isWritten: boolean },
): string {
  const lines = gains
    .slice(0, 10)
    .map(({ module, ms }) => `  ${ui.name(module)}  ${ms.toFixed(1)} ms, not used in this run`);
  const more = gains.length > 10 ? [`  and ${gains.length - 10} more`] : [];
  const but = deny.map((entry) => `  ${ui.name(entry)}  has to be imported at once: the program changes otherwise`);
  const result = `Starts in ${lazyMs.toFixed(0)} ms in place of ${eagerMs.toFixed(0)} ms, with the same output and exit code`;
  if (Object.keys(changes).length === 0)
    return [...lines, ...more, ...but, lines.length === 0 ? "Nothing is gained by waiting" : result, ""].join("\n");
  const table = Object.entries(changes).map(([key, value]) => `${key} = ${formatTomlValue(value)}`);
  const end = isWritten
    ? [`${ui.ok("Wrote")} run.lazy ${ui.dim(`in ${shown}`)}`]
    : ["", "[tool.pybun.run.lazy]", ...table];
  return [...lines, ...more, ...but, result, ...end, ""].join("\n");
}
