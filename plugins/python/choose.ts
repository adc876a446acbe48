import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { PythonRequest } from "../../plugin-api/services.ts";
import type { Seeker } from "./obtain.ts";
import { recallAnswer } from "./recent.ts";
import { selectedRoot } from "./selected-root.ts";
import { findVersionFile } from "./version-file.ts";

/** Everything a choice depends on beside the request itself. */
export interface Around extends Seeker {
  readonly cwd: string;
  readonly projectRoot: string | undefined;
  /** The setting `python`, and where its value is from. */
  readonly setting: { readonly text: string; readonly origin: string } | undefined;
  /** The project's `requires-python`; called only when it matters. */
  readonly projectRequires: () => Promise<string | undefined>;
}

/** The interpreter to use, and why, in words that follow its path. */
export interface Choice {
  readonly interpreter: Interpreter;
  readonly reason: string;
}

/** The interpreter for a request by the order of SPEC PY-11. Throws `E_PYTHON_NOT_FOUND`. */
export async function choose(asked: PythonRequest, around: Around): Promise<Choice> {
  if (asked.request !== undefined) return byText(asked.request, asked.origin ?? "the request", around);
  if (around.setting) return byText(around.setting.text, around.setting.origin, around);
  if (asked.isScript && asked.requiresPython) return byScript(asked, around);
  return (
    (await byVersionFile(around)) ?? (await byEnvironment(asked.requiresPython, around)) ?? byRequires(asked, around)
  );
}

async function byText(text: string, origin: string, around: Around): Promise<Choice> {
  const recent = recallAnswer(text, around.place);
  const reason = `asked by ${origin}`;
  if (recent) return { interpreter: recent, reason };
  const { grantText } = await import("./wishes.ts");
  return { interpreter: await grantText({ text, origin, cwd: around.cwd }, around), reason };
}

/** A script's own bounds come first; within them, what would have been used anyway is preferred. */
async function byScript(asked: PythonRequest, around: Around): Promise<Choice> {
  const { obtain: _, ...asIs } = around;
  const pinned = await byVersionFile(asIs).catch(() => undefined);
  const usual = pinned ?? (await byEnvironment(asked.requiresPython, around));
  return usual && (await isWithin(asked.requiresPython, usual.interpreter)) ? usual : byRequires(asked, around);
}

async function byVersionFile(around: Around): Promise<Choice | undefined> {
  const { place, cwd, projectRoot } = around;
  const file = findVersionFile(cwd, { projectRoot, home: place.home });
  if (!file) return undefined;
  const shown = path.relative(cwd, file.path);
  const [first] = file.lines as readonly [(typeof file.lines)[0]];
  const recent = recallAnswer(first.text, place);
  if (recent) return { interpreter: recent, reason: `asked by ${shown}:${first.line}` };
  const all = file.lines.map(({ text, line }) => ({ text, origin: `${shown}:${line}`, cwd: path.dirname(file.path) }));
  const { grantFirst } = await import("./wishes.ts");
  const { interpreter, origin } = await grantFirst(all, around);
  return { interpreter, reason: `asked by ${origin}` };
}

async function byEnvironment(requiresPython: string | undefined, around: Around): Promise<Choice | undefined> {
  const root = selectedRoot(around);
  if (root === undefined) return undefined;
  const { baseOf } = await import("./base-of.ts");
  const interpreter = await baseOf(root, around.place);
  if (!interpreter || !(await isWithin(requiresPython ?? (await around.projectRequires()), interpreter)))
    return undefined;
  return { interpreter, reason: `interpreter of the environment ${path.relative(around.cwd, root) || root}` };
}

async function byRequires(asked: PythonRequest, around: Around): Promise<Choice> {
  const { place, projectRequires } = around;
  const text = asked.requiresPython ?? (await projectRequires()) ?? "";
  const origin = asked.requiresPythonOrigin ?? "requires-python";
  const reason = text === "" ? "newest found" : `newest for ${text}, asked by ${origin}`;
  const recent = recallAnswer(text, place);
  if (recent) return { interpreter: recent, reason };
  const { grantRequires } = await import("./wishes.ts");
  return { interpreter: await grantRequires({ text, origin }, around), reason };
}

/** A prerelease that was chosen on purpose counts by its version alone. */
export async function isWithin(requiresPython: string | undefined, { version }: Interpreter): Promise<boolean> {
  if (!requiresPython) return true;
  const [{ readRequires }, { satisfies }] = await Promise.all([
    import("./requires.ts"),
    import("../../plugin-api/python/specifier.ts"),
  ]);
  return satisfies(readRequires(requiresPython, "requires-python"), version);
}
