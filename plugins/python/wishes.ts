import fs from "node:fs";
import path from "node:path";
import { InvalidSyntax, PybunError } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import {
  parseRequest,
  requiresWish,
  type VersionWish,
  type Wish,
} from "../../plugin-api/python/interpreter-request.ts";
import { candidates } from "./candidates.ts";
import type { Place } from "./folders.ts";
import { type Identified, identifyPath } from "./identify.ts";
import { notFound } from "./not-found.ts";
import { installableFor, obtainFor, type Seeker } from "./obtain.ts";
import { rememberAnswer, startSearch } from "./recent.ts";
import { readRequires } from "./requires.ts";
import { selectNewest, type Unusable } from "./select.ts";
import { isShim, pyenvRoot } from "./shims.ts";
import { survey } from "./survey.ts";

/** A request text, and who asked for it: `--python`, `PYBUN_PYTHON`, `.python-version:1`. */
export interface Asked {
  readonly text: string;
  readonly origin: string;
  /** Relative paths start here. */
  readonly cwd: string;
}

/** Reads a request text; a text that is none is refused as a Python that can't be found. */
export function readWish({ text, origin, cwd }: Asked, place: Place): Wish {
  try {
    return parseRequest(text, { cwd, home: place.home, exists: fs.existsSync });
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    throw new PybunError("E_PYTHON_NOT_FOUND", `\`${text}\`, asked by ${origin}, is not a version, specifier or path`, {
      hints: ["ask for a version such as `3.12`, a range such as `>=3.10,<3.13`, or the path of a Python"],
      context: { request: text, origin },
      cause: error,
    });
  }
}

/** The best interpreter for a request. Throws `E_PYTHON_NOT_FOUND`, and what installing one throws. */
export const grantText = (asked: Asked, seeker: Seeker): Promise<Interpreter> =>
  grantOrRefuse(readWish(asked, seeker.place), asked.origin, seeker);

/** The newest interpreter that a `Requires-Python` text allows; any for an empty text. Throws as `grantText`. */
export async function grantRequires(asked: Pick<Asked, "text" | "origin">, seeker: Seeker): Promise<Interpreter> {
  readRequires(asked.text, asked.origin);
  return grantOrRefuse(requiresWish(asked.text), asked.origin, seeker);
}

async function grantOrRefuse(wish: Wish, origin: string, seeker: Seeker): Promise<Interpreter> {
  const { place } = seeker;
  const unusable: Unusable[] = [];
  const found = (await grant(wish, place, unusable)) ?? (await obtainFor(wish, origin, seeker));
  return found ?? refuse(wish, { origin, seeker, unusable });
}

/**
 * The first of several requests that can be granted with what is here, else the first that can be installed, with who asked
 * for it. Throws for the first when none can.
 */
export async function grantFirst(
  all: readonly Asked[],
  seeker: Seeker,
): Promise<{ readonly interpreter: Interpreter; readonly origin: string }> {
  const { place } = seeker;
  const unusable: Unusable[] = [];
  for (const asked of all) {
    const wish = readWish(asked, place);
    const byName = wish.kind === "version" ? undefined : await grantPyenvName(asked.text, place, unusable);
    const interpreter = byName ?? (await grant(wish, place, unusable));
    if (interpreter) return { interpreter, origin: asked.origin };
  }
  for (const asked of all) {
    const interpreter = await obtainFor(readWish(asked, place), asked.origin, seeker);
    if (interpreter) return { interpreter, origin: asked.origin };
  }
  const [first] = all as readonly [Asked];
  return refuse(readWish(first, place), { origin: first.origin, seeker, unusable });
}

interface Refused {
  readonly origin: string;
  readonly seeker: Seeker;
  readonly unusable: readonly Unusable[];
}

async function refuse(wish: Wish, { origin, seeker, unusable }: Refused): Promise<never> {
  const [{ interpreters: found }, installable] = await Promise.all([
    survey(seeker.place),
    installableFor(wish, seeker),
  ]);
  throw notFound({ wish, origin, found, unusable, installable });
}

async function grant(wish: Wish, place: Place, unusable: Unusable[]): Promise<Interpreter | undefined> {
  if (wish.kind === "version") return grantVersion(wish, place, unusable);
  const named = wish.kind === "path" ? wish.path : commandOnPath(wish.text, place);
  if (named === undefined) return undefined;
  return settle(await identifyPath(named, "explicit", place), unusable);
}

async function grantVersion(wish: VersionWish, place: Place, unusable: Unusable[]): Promise<Interpreter | undefined> {
  const search = startSearch(place);
  const known = unusable.length;
  const found = await selectNewest(candidates(place, wish, search.visit), wish, { place, unusable });
  // One that did not run today may run tomorrow, without any change to be seen from here.
  if (found && unusable.length === known) rememberAnswer(wish.text, found, search);
  return found;
}

function settle(answer: Identified, unusable: Unusable[]): Interpreter | undefined {
  if ("interpreter" in answer) return answer.interpreter;
  unusable.push(answer);
  return undefined;
}

/** What pyenv means by a name: a folder of its versions (an environment, `miniconda3-latest`, `3.14-dev`), or `system`. */
async function grantPyenvName(name: string, place: Place, unusable: Unusable[]): Promise<Interpreter | undefined> {
  if (name === "system") {
    const others = candidates(place).filter(({ source }) => source !== "pyenv" && source !== "managed");
    return selectNewest(others, requiresWish(""), { place, unusable });
  }
  const folder = path.join(pyenvRoot(place.env, place.home), "versions", name);
  const isBelow = !path.isAbsolute(name) && !name.split(/[/\\]/).includes("..");
  if (!isBelow || !fs.existsSync(folder)) return undefined;
  return settle(await identifyPath(folder, "pyenv", place), unusable);
}

function commandOnPath(name: string, place: Place): string | undefined {
  const folders = (place.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const files = folders.map((folder) => path.join(folder, name));
  return files.find((file) => fs.existsSync(file) && !isShim(fs.realpathSync(file), place.platform));
}
