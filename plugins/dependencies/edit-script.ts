import { refuseChanged } from "../../plugin-api/system/journal.ts";
import { type ChangedFile, replaceFile } from "../../plugin-api/system/project-change.ts";
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

/** Writes the script's lock, where it has one, and the script: a lock that is ahead is made to fit by the next command. */
export function writeScript({
  target,
  toml,
  held,
}: {
  readonly target: ScriptFile;
  readonly toml: string;
  readonly held: ChangedFile | undefined;
}): void {
  const { file, was, withBlock } = target;
  refuseChanged(file, was);
  if (held) replaceFile(held);
  if (toml !== target.toml) replaceFile({ file, content: withBlock(toml), was });
}
