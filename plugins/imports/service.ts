import path from "node:path";
import type { MissingImports } from "../../plugin-api/missing-import.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { diagnose } from "./diagnose.ts";

/** The `MissingImports` service. */
export default async function missingImports(session: Session): Promise<MissingImports> {
  const { home } = await session.use(Host);
  return {
    async explain({ invocation, exitCode, stderr = "" }) {
      const found = exitCode === 1 ? readTraceback(stderr) : undefined;
      if (found === undefined) return undefined;
      const { module, frame } = found;
      if (frame === undefined)
        return { module, diagnostic: await diagnose({ module, place: undefined, invocation }, session) };
      const file = showPath(path.resolve(invocation.cwd, frame.file), { cwd: session.cwd, home });
      const isCode = frame.file.startsWith("<");
      const place = isCode ? "the code" : `${file}:${frame.line}`;
      const where = isCode ? {} : { file, line: frame.line };
      return { module, diagnostic: await diagnose({ module, place, ...where, invocation }, session) };
    },
  };
}

interface Traceback {
  readonly module: string;
  /** Undefined where Python was told to run the module. */
  readonly frame?: { readonly file: string; readonly line: number };
}

/** What Python says last, when a module is missing and nobody catches that. */
export function readTraceback(stderr: string): Traceback | undefined {
  const lines = stderr.trimEnd().split("\n");
  const last = lines.at(-1) ?? "";
  const run = /^\S*(?:python|pypy)[\w.]*: No module named ([\w.]+)$/i.exec(last)?.[1];
  if (run !== undefined) return { module: run };
  const module = /^ModuleNotFoundError: No module named '([\w.]+)'/.exec(last)?.[1];
  if (module === undefined) return undefined;
  const frames = lines.flatMap((line) => {
    const [, file = "", number = ""] = /^ {2}File "(.+)", line (\d+)/.exec(line) ?? [];
    return file === "" || file.startsWith("<frozen ") ? [] : [{ file, line: Number(number) }];
  });
  const frame = frames.at(-1);
  return frame && { module, frame };
}
