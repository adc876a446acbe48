import { spawnSync } from "node:child_process";
import process from "node:process";

/**
 * The words that run a command as a user whom permissions hold back: for root without the privileges to pass over them.
 * Undefined where that can't be had.
 */
export function asOrdinaryUser(command: readonly string[]): readonly string[] | undefined {
  if (process.getuid?.() !== 0) return command;
  const words = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"];
  const { status } = spawnSync(words[0] as string, [...words.slice(1), "true"]);
  return status === 0 ? [...words, ...command] : undefined;
}
