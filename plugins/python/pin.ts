import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { pinText, type Wish } from "../../plugin-api/python/interpreter-request.ts";
import { intersectRanges } from "../../plugin-api/python/key-range.ts";
import { satisfies } from "../../plugin-api/python/specifier.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { type Around, choose } from "./choose.ts";
import type { pin as spec } from "./commands.ts";
import { aroundOf } from "./interpreters.ts";
import { isTooOld } from "./not-found.ts";
import { type Installable, installableFor } from "./obtain.ts";
import { readRequires } from "./requires.ts";
import { rowOf } from "./row.ts";
import { VERSION_FILE } from "./version-file.ts";
import { readWish } from "./wishes.ts";

const ORIGIN = "the command line";

const pin: RunOf<typeof spec> = async (options, [request = ""], session) => {
  const around = await aroundOf(session);
  const wish = readWish({ text: request, origin: ORIGIN, cwd: session.cwd }, around.place);
  const interpreter = await findIfPresent(request, wish, around);
  await checkProject(wish, interpreter, around);
  const text = (wish.kind === "version" ? pinText(wish) : "") || (interpreter?.version ?? request);
  const file = path.join(around.projectRoot ?? session.cwd, VERSION_FILE);
  const previous = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const content = `${text}\n`;
  const isChanged = previous !== content;
  if (isChanged && !options.dryRun) writeAtomically(file, content, { isDurable: true });
  const plan = { write: isChanged ? [{ path: file, content }] : [] };
  const digest = sha256Of(JSON.stringify(plan));
  const was = previous?.trim().split(/\s+/)[0];
  return {
    exitCode: 0,
    data: {
      path: file,
      request: text,
      previous: was ?? null,
      python: interpreter ? rowOf(interpreter, true) : null,
      ...(options.dryRun ? { plan, plan_digest: digest } : {}),
    },
    diagnostics: interpreter ? [] : [notInstalled(text, await installableFor(wish, around))],
    text: (ui) => {
      const shown = path.relative(session.cwd, file);
      if (!isChanged) return `${ui.ok("Up to date")}: ${shown} asks for Python ${text}`;
      const verb = options.dryRun ? "Would pin" : "Pinned";
      return `${ui.ok(verb)} Python ${text} ${ui.dim(`in ${shown}${was === undefined ? "" : `, was ${was}`}`)}`;
    },
  };
};
export default pin;

/** A version may be pinned before it is installed; a path or a command has to be there. */
async function findIfPresent(request: string, wish: Wish, around: Around): Promise<Interpreter | undefined> {
  try {
    return (await choose({ request, origin: ORIGIN }, around)).interpreter;
  } catch (error) {
    const isMissing = error instanceof PybunError && error.code === "E_PYTHON_NOT_FOUND";
    if (isMissing && wish.kind === "version" && !isTooOld(wish)) return undefined;
    throw error;
  }
}

async function checkProject(wish: Wish, interpreter: Interpreter | undefined, around: Around): Promise<void> {
  const requires = await around.projectRequires();
  if (requires === undefined) return;
  const allowed = readRequires(requires, "requires-python");
  const isPossible = wish.kind !== "version" || intersectRanges(wish.specifier.bounds, allowed.bounds).length > 0;
  if (isPossible && (!interpreter || satisfies(allowed, interpreter.version))) return;
  const fitting = await choose({ request: requires }, around).catch(() => undefined);
  const found = interpreter && isPossible ? `, the one found is ${interpreter.version}` : "";
  throw new PybunError(
    "E_PYTHON_MISMATCH",
    `\`${wish.text}\` does not fit the project, which requires \`${requires}\`${found}`,
    {
      evidence: ["requires-python stands in pyproject.toml", "nothing was changed"],
      hints: fitting ? [`pin one that fits: \`pybun python pin ${fitting.interpreter.tags.python.join(".")}\``] : [],
      context: { request: wish.text, requires_python: requires, found: interpreter?.version ?? null },
    },
  );
}

const notInstalled = (text: string, { request }: Installable) =>
  warning("W_PYTHON_NOT_INSTALLED", `no Python on this machine matches \`${text}\` yet`, {
    hints: [
      request === undefined
        ? "see what is there: `pybun python list`"
        : `install it: \`pybun python install ${request}\``,
    ],
  });
