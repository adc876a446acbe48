import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Environments, Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { activationWords, shellLanguage } from "./activation-line.ts";
import { asData } from "./chosen.ts";
import {
  type Around,
  aroundOf,
  checkWork,
  executableIn,
  globalEnvironment,
  isEnvironment,
  isOwn,
  projectEnvironment,
  shownPath,
} from "./places.ts";

interface Making {
  readonly clear: boolean;
  readonly prompt: string | undefined;
  readonly systemSitePackages: boolean;
}

export interface Made {
  readonly report: Report;
  readonly interpreter: Interpreter;
  /** There was nothing before. */
  readonly isNew: boolean;
}

/** Makes the environment at `named`, or else the one of the project or of all folders outside of projects. */
export async function makeEnvironment(
  named: string | undefined,
  { clear, prompt, systemSitePackages }: Making,
  session: Session,
): Promise<Made> {
  const around = aroundOf(session, await session.use(Host));
  const environments = await session.use(Environments);
  const interpreters = await session.use(Interpreters);
  const interpreter = await interpreters.find({});
  const own = projectEnvironment(around);
  const root = named ?? own ?? globalEnvironment(around.host, interpreter);
  const source = root === own ? "project" : named === undefined ? "global" : "PYBUN_ENV";
  if (source === "project") await interpreters.checkProject(interpreter);
  const { state: before, packages } = await findOut(root, interpreter, session);
  const python = executableIn(root, interpreter, around.host.platform);
  const data = { env: asData({ path: root, source, python }), version: interpreter.version };
  if (before === "as wanted" && !clear) {
    const text: Report["text"] = (ui) =>
      `${ui.ok("Up to date")}: ${shownPath(root, around)} ${ui.dim(`with Python ${interpreter.version}`)}`;
    return { report: { exitCode: 0, data: { ...data, up_to_date: true }, text }, interpreter, isNew: false };
  }
  if (before !== "absent") checkWork(root, around);
  if (before === "not an environment" || (before !== "absent" && !clear && !isOwn(root, around.host)))
    throw occupied(root, before, around);
  await environments.create({
    root,
    interpreter,
    isExact: true,
    isRebuilt: before !== "absent",
    ...(prompt !== undefined && { prompt }),
    ...(systemSitePackages && { seesSystemSite: true }),
  });
  session.emit({ type: "EnvCreated", path: root, source, version: interpreter.version });
  const isNew = before === "absent";
  const verb = isNew ? "Created" : "Rebuilt";
  const lost = packages === 0 ? "" : `, without the ${counted(packages, "package")} it had`;
  const report: Report = {
    exitCode: 0,
    data: { ...data, up_to_date: false, rebuilt: !isNew, removed: packages },
    text: (ui) =>
      `${ui.ok(verb)} environment ${ui.name(shownPath(root, around))} ${ui.dim(`with Python ${interpreter.version}${lost}`)}`,
    // What that command prints is for the environment that is used here, which one in a folder that was named need not be.
    nextActions: [
      named === undefined
        ? { command: ["pybun", "env", "activate"], why: "prints the line that activates it" }
        : { command: activationOf(python, around), why: "PyBun uses it here once it is active" },
    ],
  };
  return { report, interpreter, isNew };
}

type State = "absent" | "as wanted" | "of another Python" | "broken" | "not an environment";

async function findOut(
  root: string,
  interpreter: Interpreter,
  session: Session,
): Promise<{ readonly state: State; readonly packages: number }> {
  if (!isEnvironment(root)) {
    const stat = fs.statSync(root, { throwIfNoEntry: false });
    const isFree = !stat || (stat.isDirectory() && fs.readdirSync(root).length === 0);
    return { state: isFree ? "absent" : "not an environment", packages: 0 };
  }
  const found = await (await session.use(Environments)).read(root).catch((error: unknown) => {
    if (error instanceof PybunError && error.code === "E_ENV_BROKEN") return undefined;
    throw error;
  });
  if (!found) return { state: "broken", packages: 0 };
  const isWanted = found.interpreter.basePath === interpreter.basePath;
  return { state: isWanted ? "as wanted" : "of another Python", packages: found.installed.length };
}

function occupied(root: string, state: State, around: Around): PybunError {
  const name = shownPath(root, around);
  if (state === "not an environment")
    return new PybunError("E_ENV_EXISTS", `\`${name}\` has files in it and is no environment`, {
      hints: [`choose another folder: \`pybun venv ${path.join(name, ".venv")}\``],
      context: { path: root },
    });
  const what = state === "broken" ? "a broken environment" : "an environment of another Python";
  return new PybunError("E_ENV_EXISTS", `\`${name}\` is ${what}`, {
    hints: [`replace it, with all its packages: \`pybun venv ${name} --clear\``],
    context: { path: root },
  });
}

/** Typed in the folder where the command was given. */
function activationOf(python: string, { cwd, host }: Around): readonly string[] {
  const scripts = path.dirname(python);
  const folder = scripts.startsWith(cwd + path.sep) ? path.relative(cwd, scripts) : scripts;
  return activationWords(folder, shellLanguage(undefined, host));
}
