import type { Session } from "../../plugin-api/session.ts";
import { type ChangedFile, replaceFile } from "../../plugin-api/system/project-change.ts";
import { commitScript } from "../../plugin-api/system/script-change.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { ScriptFile } from "./script-block.ts";
import type { AskedList } from "./target.ts";

/** A script has one list, and no environment of its own. Throws `E_USAGE`. */
export function refuseProjectFlags(
  command: string,
  { dev, group, optional, package: member, noSync }: AskedList & { readonly noSync: boolean },
): void {
  const flags = { dev: dev || undefined, group, optional, package: member, "no-sync": noSync || undefined };
  const given = Object.entries(flags).find(([, value]) => value !== undefined);
  if (given !== undefined) throw usageError(command, `\`--script\` and \`--${given[0]}\` exclude each other`);
}

/** Writes the script, and its lock where it has one: both, or neither of them. */
export async function writeScript(
  {
    target,
    toml,
    held,
  }: { readonly target: ScriptFile; readonly toml: string; readonly held: ChangedFile | undefined },
  session: Session,
): Promise<void> {
  const { file, was, withBlock } = target;
  const script = { file, content: withBlock(toml), was };
  if (toml !== target.toml) await commitScript(held ? [script, held] : [script], session.signal);
  else if (held) replaceFile(held);
}
