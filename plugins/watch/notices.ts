import { Host, Redactor } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { isTerminal, terminalColumns } from "../../plugin-api/system/terminal.ts";
import { writeOut } from "../../plugin-api/system/write-out.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { isUtf8Locale, textStyle, wantsColor } from "../../plugin-api/text/style.ts";
import { formatDuration } from "../../plugin-api/text/units.ts";
import type { Change } from "./gather.ts";
import type { Answer } from "./link.ts";

/** Lines beside what the program prints: on standard error, marked as PyBun's, in text form only. */
export interface Notices {
  watching(paths: readonly string[], backend: string): void;
  /** Changes that are only told of. */
  changed(changes: readonly Change[]): void;
  reloaded(answer: Answer, changes: readonly Change[]): void;
  ended(exitCode: number): void;
  clear(): void;
}

const MOST_NAMES = 3;

export async function openNotices(session: Session): Promise<Notices> {
  const [{ env, home, platform, output }, redactor] = await Promise.all([session.use(Host), session.use(Redactor)]);
  const isTty = isTerminal(2);
  const style = textStyle({
    isTerminal: isTty,
    hasColor: wantsColor(output.color, env, isTty),
    isUnicode: isTty && isUtf8Locale(env, platform),
    columns: terminalColumns,
    verbosity: output.verbosity,
    isQuiet: output.isQuiet,
  });
  const say = (text: string): void => {
    if (output.format === "text" && !output.isQuiet)
      writeOut(2, redactor.redactText(`${style.dim("[watch]")} ${text}\n`));
  };
  const show = (file: string) => showPath(file, { cwd: session.cwd, home });
  const files = (changes: readonly Change[]) => shortened(changes.map(({ path }) => show(path)));
  const verbs = { patch: "Patched", reexec: "Reloaded", restart: "Restarting", none: "Unchanged", broken: "Waiting" };
  return {
    watching: (paths, backend) => say(style.dim(`${shortened(paths.map(show))} with ${backend}`)),
    changed: (changes) => say(`${style.name(files(changes))} changed`),
    reloaded({ action, reason, names, evidence = [], durationMs }, changes) {
      const isGood = action === "patch" || action === "reexec";
      const verb = (isGood ? style.ok : action === "broken" ? style.err : style.chg)(verbs[action]);
      const took = isGood ? ` ${style.dim(`in ${formatDuration(durationMs)}`)}` : "";
      const what = names.length > 0 ? `${shortened(names)} of ` : "";
      say(`${verb} ${what}${style.name(files(changes))}${reason === "" ? "" : `: ${reason}`}${took}`);
      for (const line of evidence) say(`  ${line}`);
    },
    ended: (exitCode) =>
      say(`${exitCode === 0 ? "Ended" : `Ended with exit code ${exitCode}`}, ${style.dim("waiting for a change")}`),
    clear: () => {
      if (output.format === "text" && isTerminal(1)) writeOut(1, "\u001b[H\u001b[2J\u001b[3J");
    },
  };
}

/** The first few, and how many there are besides. */
function shortened(words: readonly string[]): string {
  const rest = words.length - MOST_NAMES;
  return rest > 0 ? `${words.slice(0, MOST_NAMES).join(", ")} and ${rest} more` : words.join(", ");
}
