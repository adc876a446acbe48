import { topOf } from "../../plugin-api/launch/imports.ts";
import { Modules } from "../../plugin-api/modules.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { isTerminal } from "../../plugin-api/system/terminal.ts";
import { renderDiagnostic } from "../../plugin-api/text/diagnostic-block.ts";
import { isUtf8Locale, textStyle, wantsColor } from "../../plugin-api/text/style.ts";
import { diagnose } from "./diagnose.ts";
import { importable, missingIn, type Program, programOf } from "./program.ts";
import source from "./python/tell.py" with { type: "text" };

/**
 * Looks at what a program imports before it begins. Where all of it is there, nothing is added, and the next run only compares names;
 * else something within Python waits for the error that is to come.
 */
const prepare: Prepare<"run"> = async (invocation, session) => {
  const { environment, isCaptured, isDryRun } = invocation;
  if (!environment || isCaptured || isDryRun) return invocation;
  const program = programOf(invocation);
  const names = program && (await namesFor(program, environment, session));
  if (program === undefined || names === undefined) return invocation;
  const missing = missingIn(program, names);
  if (missing.length === 0) return { ...invocation, importable: ` ${importable(program, names).join(" ")} ` };
  const { bootstraps = [] } = invocation;
  const config = await configFor(missing, invocation, session);
  return {
    ...invocation,
    environment: { ...environment, isUnsettled: true },
    bootstraps: [...bootstraps, { name: "imports", source, config }],
  };
};
export default prepare;

/** What is not known of an environment is no reason not to run. */
async function namesFor(
  { folder }: Program,
  environment: ChosenEnvironment,
  session: Session,
): Promise<ReadonlySet<string> | undefined> {
  try {
    return await (await session.use(Modules)).topLevel(environment, [folder]);
  } catch {
    return undefined;
  }
}

const PLACE = "@PLACE@";

/** What `tell.py` has to know; the texts are ready but for the place. */
async function configFor(missing: readonly string[], invocation: Invocation, session: Session) {
  const { env, platform, output } = await session.use(Host);
  const isTty = isTerminal(2);
  const style = textStyle({
    isTerminal: isTty,
    hasColor: wantsColor(output.color, env, isTty),
    isUnicode: isTty && isUtf8Locale(env, platform),
    columns: () => Number.MAX_SAFE_INTEGER,
    verbosity: 0,
    isQuiet: false,
  });
  const { kind, target, cwd } = invocation;
  // Of a module that is itself missing, Python does not come to import anything.
  const isItself = kind === "module" && missing.includes(topOf(target));
  const texts: Record<string, string> = {};
  for (const module of isItself ? [topOf(target)] : missing) {
    const place = isItself ? undefined : PLACE;
    texts[module] = `\n${renderDiagnostic(await diagnose({ module, place, invocation }, session), style)}`;
  }
  return { texts, place: PLACE, cwd, module: isItself ? topOf(target) : null };
}
