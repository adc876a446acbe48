// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import type { Caller } from "../plugin-api/launch/note.ts";
import { callText, type Named, type Question, readStamp, type Stamp } from "../plugin-api/launch/run-stamp.ts";
import type { Start } from "./fast-start.ts";

/** What a name led to before, where every premise is unchanged; everything else declines. */
export async function readyNamed(
  question: Question,
  args: readonly string[],
  { env, cwd }: Caller,
): Promise<Start | undefined> {
  const stamp = await readStamp(callText(question, cwd, env), env);
  if (!stamp?.named) return undefined;
  return { stamp, ...startOf(stamp.named, args, stamp) };
}

function startOf(
  { kind, target, interpreter }: Named,
  args: readonly string[],
  { python, options = [] }: Stamp,
): Omit<Start, "stamp"> {
  if (kind === "module") {
    const program = { kind, text: target, args, python, pythonOptions: options };
    return { argv: [python, ...options, "-m", target, ...args], typed: [], program };
  }
  const program =
    interpreter === undefined ? undefined : { kind, text: target, args, python: interpreter, pythonOptions: [] };
  return { argv: [target, ...args], typed: [], program };
}
