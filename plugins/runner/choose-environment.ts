import fs from "node:fs";
import path from "node:path";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { EnvironmentCache, Environments, Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import type { ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { settings } from "./settings.ts";

/** Gives an environment to what has none yet: that of `--with`, the one for the directory, or a new one (SPEC ENV-01). */
const prepare: Prepare<"run"> = async (invocation, session) => {
  if (invocation.environment) return invocation;
  const demands = invocation.demands ?? [];
  if (demands.length === 0 && !invocation.isIsolated)
    return { ...invocation, environment: await forDirectory(invocation, session) };
  const interpreter = await hostInterpreter(invocation, session);
  const cache = await session.use(EnvironmentCache);
  const made = await cache.ensure({ demands, interpreter, isDryRun: invocation.isDryRun });
  const environment = { path: made.root, source: "with", python: made.python };
  return { ...invocation, environment, pins: made.pins, isCacheHit: made.isHit };
};
export default prepare;

async function forDirectory(invocation: Invocation, session: Session): Promise<ChosenEnvironment> {
  const { isolation } = settingsOf(session, settings);
  if (!isolation) return host(await hostInterpreter(invocation, session));
  const environments = await session.use(Environments);
  const { request } = invocation.python;
  const selected = request === undefined ? await environments.select() : undefined;
  if (selected) {
    const { path: root, source, python } = selected;
    session.emit({ type: "EnvSelected", path: root, source, version: selected.environment.interpreter.version });
    return { path: root, source, python };
  }
  const interpreter = await hostInterpreter(invocation, session);
  if (request !== undefined && interpreter.isVirtual) return host(interpreter);
  return invocation.isDryRun ? host(interpreter) : makeFor(interpreter, session);
}

const hostInterpreter = async (invocation: Invocation, session: Session): Promise<Interpreter> =>
  (await session.use(Interpreters)).find(invocation.python);

const host = (interpreter: Interpreter): ChosenEnvironment => ({
  path: interpreter.prefix,
  source: "host",
  python: interpreter.path,
});

/** In a project its own environment, elsewhere the one all directories share (SPEC ENV-02, ENV-04). */
async function makeFor(interpreter: Interpreter, session: Session): Promise<ChosenEnvironment> {
  const { projectRoot, dataDir } = await session.use(Host);
  const [major, minor] = interpreter.tags.python;
  const root =
    projectRoot === undefined
      ? path.join(dataDir, "envs", "global", `cp${major}${minor}`)
      : path.join(projectRoot, ".pybun", "venv");
  const python = path.join(
    root,
    interpreter.scheme.scripts,
    path.basename(interpreter.path).endsWith(".exe") ? "python.exe" : "python",
  );
  const source = projectRoot === undefined ? "global" : "project";
  if (!fs.existsSync(python)) await (await session.use(Environments)).create({ root, interpreter, isExact: false });
  return { path: root, source, python };
}
