import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";

/** What is read and what is written. */
export interface Places {
  readonly source: string;
  readonly output: string;
  readonly shownSource: string;
  readonly shownOutput: string;
}

/** Absolute paths; without a name the output stands beside the source, with the other ending. */
export function placesOf(
  { operand, ending, output }: { operand: string; ending: string; output: string | undefined },
  cwd: string,
): Places {
  const source = path.resolve(cwd, operand);
  const target = path.resolve(cwd, output ?? source.replace(/(?:\.toml|\.dx)$/, "") + ending);
  const show = (file: string): string => showPath(file, { cwd, home: "" });
  if (source === target)
    throw new PybunError("E_DX_SOURCE", `${show(source)} has the ending of what it is to be turned into`, {
      hints: ["name another file with `--output`"],
    });
  return { source, output: target, shownSource: show(source), shownOutput: show(target) };
}

/** The bytes of the source. Throws `E_DX_SOURCE` where it is not there or a folder. */
export function readSource({ source, shownSource }: Places): Buffer {
  try {
    return fs.readFileSync(source);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR")
      throw new PybunError("E_DX_SOURCE", `there is no file \`${shownSource}\``, { file: source });
    if (code === "EISDIR") throw new PybunError("E_DX_SOURCE", `${shownSource} is a folder`, { file: source });
    throw error;
  }
}
