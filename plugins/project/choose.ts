import type { RunOf } from "../../plugin-api/command.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { InvalidSyntax } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { type LineQuestion, Prompts } from "../../plugin-api/prompts.ts";
import { parseLicenseExpression } from "../../plugin-api/python/license-expression.ts";
import { parseSpecifier } from "../../plugin-api/python/specifier.ts";
import { parseVersion } from "../../plugin-api/python/version.ts";
import { Host } from "../../plugin-api/services.ts";
import { type Session, sharedSettings } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import { BACKENDS, type BackendName, type init as spec } from "./commands.ts";
import type { NewProject } from "./new-files.ts";
import { nameOfFolder, nameProblem } from "./project-name.ts";
import type { Where } from "./where.ts";

export type Options = Parameters<RunOf<typeof spec>>[0];
export type Chosen = Omit<NewProject, "hasGitFiles" | "pythonVersion">;

/** What the options leave open is asked, or else the usual. Throws `E_USAGE` for options that can't be. */
export async function choose(
  options: Options,
  { where, interpreter }: { readonly where: Where; readonly interpreter: Interpreter },
  session: Session,
): Promise<Chosen> {
  const { bare, lib } = options;
  const isPackaged = !bare || options.buildBackend !== undefined;
  const { stdlib, tags } = interpreter;
  const { ask, askOneOf } = await asking(options, session);
  const name = await ask(options.name, {
    words: "Project name",
    usual: options.name ?? nameOfFolder(where.folder),
    problem: (answer) => nameProblem(answer, { isPackaged: isPackaged && !bare, stdlib }),
  });
  const description = await ask(options.description, { words: "Description", usual: "" });
  const version = await ask(undefined, { words: "Version", usual: "0.1.0", problem: refusedBy(parseVersion) });
  const requiresPython = await ask(undefined, {
    words: "Requires Python",
    usual: `>=${tags.python.join(".")}`,
    problem: refusedBy(parseSpecifier),
  });
  const license = await ask(options.license, { words: "Licence", usual: "", problem: licenseProblem });
  const kind = await askOneOf(lib ? "lib" : options.app ? "app" : undefined, "Kind", ["app", "lib"]);
  const layout = await askOneOf(options.layout, "Layout", ["src", "flat"]);
  const backend = isPackaged ? await askOneOf<BackendName>(options.buildBackend, "Build backend", BACKENDS) : undefined;
  return {
    name,
    version: parseVersion(version).normalized,
    description,
    license: license === "" ? "" : parseLicenseExpression(license),
    requiresPython: parseSpecifier(requiresPython).text,
    kind,
    layout,
    ...(backend && { backend }),
    isBare: bare,
  };
}

/** Questions for what no option says. Off a terminal that is told once. */
async function asking({ bare }: Options, session: Session) {
  const prompts = await session.use(Prompts);
  const { canPrompt } = await session.use(Host);
  const isAsked = !bare && !sharedSettings(session).yes;
  if (isAsked && !canPrompt)
    session.emit({
      type: "Diagnostic",
      diagnostic: { ...warning("I_INIT_DEFAULTS", "no terminal to ask, so the defaults were taken"), level: "info" },
    });
  const ask = async (given: string | undefined, question: LineQuestion): Promise<string> => {
    const mayAsk = isAsked && given === undefined;
    const answer = mayAsk ? await prompts.ask(question) : (given ?? question.usual);
    const problem = question.problem?.(answer);
    if (problem !== undefined) throw usageError("init", problem);
    return answer;
  };
  const askOneOf = async <T extends string>(given: T | undefined, words: string, choices: readonly T[]): Promise<T> =>
    (await ask(given, { words, usual: choices[0] as T, choices })) as T;
  return { ask, askOneOf };
}

function refusedBy(parse: (text: string) => unknown): (answer: string) => string | undefined {
  return (answer) => {
    try {
      parse(answer);
      return undefined;
    } catch (error) {
      if (error instanceof InvalidSyntax) return error.message;
      throw error;
    }
  };
}

const refusedLicense = refusedBy(parseLicenseExpression);
const licenseProblem = (answer: string): string | undefined => (answer === "" ? undefined : refusedLicense(answer));
