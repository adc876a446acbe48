import fs from "node:fs";
import path from "node:path";
import type { Environment } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Interpreters, SelectedEnvironment } from "../../plugin-api/services.ts";
import { isShown } from "../../plugin-api/system/dot-venv.ts";
import {
  type Around,
  globalEnvironment,
  globalFolder,
  isEnvironment,
  namedEnvironment,
  projectEnvironment,
  shownPath,
} from "./places.ts";
import { broken, type Chosen, hostEnvironment } from "./read-environment.ts";

/** What selecting needs beside the place: `read` reads an environment, or throws `E_ENV_BROKEN`. */
export interface Selecting {
  readonly around: Around;
  readonly interpreters: Interpreters;
  readonly read: (chosen: Chosen) => Promise<Environment>;
}

/**
 * The environment for the working directory, in the order of ENV-02 and ENV-03. What is selected `to change` is one for packages: an
 * installation that was named as the interpreter to use is none.
 */
export async function selectEnvironment(
  selecting: Selecting,
  use: "as it is" | "to change" = "as it is",
): Promise<SelectedEnvironment | undefined> {
  const { around, interpreters, read } = selecting;
  const { env, projectRoot } = around.host;
  const found = async (chosen: Chosen, source: SelectedEnvironment["source"]): Promise<SelectedEnvironment> =>
    selected(await read(chosen), source);
  if (env["PYBUN_ENV"]) return found({ root: namedBy(env["PYBUN_ENV"], around), variable: "PYBUN_ENV" }, "PYBUN_ENV");
  if (isPath(env["PYBUN_PYTHON"])) {
    const itself = await interpreterItself(env["PYBUN_PYTHON"], selecting);
    if (use === "as it is" || itself.environment.interpreter.isVirtual) return itself;
  }
  const own = projectEnvironment(around);
  if (own !== undefined && isEnvironment(own)) return found({ root: own }, "project");
  const dotVenv = projectRoot === undefined ? undefined : stateOfDotVenv(projectRoot);
  if (dotVenv === "ours to make") return undefined;
  if (dotVenv === "there") return found({ root: path.join(projectRoot as string, ".venv") }, "dot-venv");
  if (dotVenv === "leads nowhere") throw leadsNowhere(projectRoot as string, around);
  if (env["VIRTUAL_ENV"]) return found({ root: path.resolve(env["VIRTUAL_ENV"]), variable: "VIRTUAL_ENV" }, "active");
  if (projectRoot !== undefined || !fs.existsSync(globalFolder(around.host))) return undefined;
  const root = globalEnvironment(around.host, await interpreters.find({}));
  return isEnvironment(root) ? found({ root }, "global") : undefined;
}

const selected = (environment: Environment, source: SelectedEnvironment["source"]): SelectedEnvironment =>
  Object.freeze({ path: environment.root, source, python: environment.python, environment });

/** Anything else in the variable is a version, and acts like `--python`. */
const isPath = (text: string | undefined): text is string => text !== undefined && /[/\\]|^~/.test(text);

/** An interpreter that was named is used as it is; if it lies in an environment, that environment is meant. */
async function interpreterItself(named: string, { around, interpreters, read }: Selecting) {
  const file = named.startsWith("~") ? path.join(around.host.home, named.slice(1)) : path.resolve(around.cwd, named);
  const interpreter = await interpreters.find({ request: file, origin: "PYBUN_PYTHON" });
  return environmentOf(interpreter, read);
}

/** What an interpreter that was named installs into. */
export async function environmentOf(interpreter: Interpreter, read: Selecting["read"]): Promise<SelectedEnvironment> {
  const environment = interpreter.isVirtual
    ? await read({ root: interpreter.prefix, variable: "PYBUN_PYTHON" })
    : hostEnvironment(interpreter);
  return selected(environment, "PYBUN_PYTHON");
}

/** A folder of that name comes before an environment in the data directory. */
function namedBy(text: string, around: Around): string {
  const root = namedEnvironment(text, around);
  return isEnvironment(root) ? root : named(text, root, around);
}

function named(text: string, root: string, around: Around): never {
  throw broken(`\`PYBUN_ENV\` names no environment: \`${text}\``, { root, variable: "PYBUN_ENV" }, { around });
}

type DotVenv = "absent" | "there" | "leads nowhere" | "ours to make";

/** What is no folder, or an empty one, is not meant as an environment; other tools use the name in other ways. */
function stateOfDotVenv(projectRoot: string): DotVenv {
  const file = path.join(projectRoot, ".venv");
  const link = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!link) return "absent";
  if (!isEnvironment(file) && isShown(projectRoot)) return "ours to make";
  if (link.isSymbolicLink() && !fs.existsSync(file)) return "leads nowhere";
  if (!fs.statSync(file).isDirectory()) return "absent";
  return isEnvironment(file) || fs.readdirSync(file).length > 0 ? "there" : "absent";
}

function leadsNowhere(projectRoot: string, around: Around) {
  const file = path.join(projectRoot, ".venv");
  const message = `\`${shownPath(file, around)}\` leads nowhere (${fs.readlinkSync(file)})`;
  return broken(message, { root: file }, { around });
}
