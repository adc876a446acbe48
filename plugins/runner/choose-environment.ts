import path from "node:path";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import { EnvironmentCache } from "../../plugin-api/environment-cache.ts";
import type { Environment } from "../../plugin-api/model/environment.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Prepare } from "../../plugin-api/plugin.ts";
import { Environments, Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import type { ChosenEnvironment, Invocation } from "../../plugin-api/stages.ts";
import { settings } from "./settings.ts";

/** So many names say which environment it was. */
const MOST_NAMES = 5;

/** Gives an environment to what has none yet: that of `--with`, the one for the directory, or a new one (SPEC ENV-01). */
const prepare: Prepare<"run"> = async (invocation, session) => {
  if (invocation.environment) return invocation;
  const demands = invocation.demands ?? [];
  if (demands.length === 0 && !invocation.isIsolated)
    return { ...invocation, environment: await forDirectory(invocation, session) };
  const over = invocation.isIsolated ? undefined : await below(invocation, session);
  const interpreter = over?.interpreter ?? (await hostInterpreter(session));
  const cache = await session.use(EnvironmentCache);
  const made = await cache.ensure({
    demands,
    interpreter,
    isDryRun: invocation.isDryRun,
    ...(invocation.constraints && { constraints: invocation.constraints }),
    ...(over && { over }),
  });
  const { root, python, sitePackages, pins, isHit: isCacheHit } = made;
  const scripts = over && { scriptsBelow: path.dirname(over.python) };
  return {
    ...invocation,
    environment: { path: root, source: "with", python, sitePackages, ...scripts },
    pins,
    isCacheHit,
  };
};
export default prepare;

/** The environment of the directory, for what comes on top of it: none where it has only one for everything, or of another Python. */
async function below({ base }: Invocation, session: Session): Promise<Environment | undefined> {
  const environments = await session.use(Environments);
  if (base) return environments.read(base.path);
  if (!settingsOf(session, settings).isolation) return undefined;
  const selected = await environments.select();
  if (!selected || selected.source === "global" || selected.source === "host") return undefined;
  const { environment } = selected;
  const misfit = await (await session.use(Interpreters)).misfit(environment.interpreter, {});
  return misfit ? undefined : environment;
}

/** Programs that run at the same time wait for one environment. */
const chosen = new WeakMap<Host, Map<boolean, Promise<ChosenEnvironment>>>();

async function forDirectory({ isDryRun }: Invocation, session: Session): Promise<ChosenEnvironment> {
  const run = await session.use(Host);
  const known = chosen.get(run) ?? new Map<boolean, Promise<ChosenEnvironment>>();
  const choice = known.get(isDryRun) ?? choose(isDryRun, session);
  chosen.set(run, known.set(isDryRun, choice));
  return choice;
}

async function choose(isDryRun: boolean, session: Session): Promise<ChosenEnvironment> {
  if (!settingsOf(session, settings).isolation) return hostOf(await hostInterpreter(session));
  const environments = await session.use(Environments);
  const { root, source, interpreter, selected, replaced } = await environments.target();
  const { version } = interpreter;
  if (selected) {
    session.emit({ type: "EnvSelected", path: root, source, version });
    return { path: root, source, python: selected.python };
  }
  if (isDryRun) return hostOf(interpreter);
  await environments.create({ root, interpreter, isExact: false });
  session.emit({ type: "EnvCreated", path: root, source, version });
  if (replaced && replaced.installed.length > 0)
    session.emit({ type: "Diagnostic", diagnostic: rebuilt(replaced, version, session.cwd) });
  return { path: root, source, python: (await environments.read(root)).python };
}

function rebuilt({ root, interpreter, installed }: Environment, version: string, cwd: string): Diagnostic {
  const packages = installed.length === 1 ? "the package" : `the ${installed.length} packages`;
  const are = installed.length === 1 ? "is" : "are";
  return warning(
    "W_ENV_REBUILT",
    `\`${path.relative(cwd, root)}\` was made anew with Python ${version}; ${packages} it had for Python ${interpreter.version} ${are} gone`,
    {
      evidence: installed.slice(0, MOST_NAMES).map(({ name, version: had }) => `${name} ${had}`),
      context: { path: root, removed: installed.map(({ name, version: had }) => ({ name, version: had })) },
    },
  );
}

const hostInterpreter = async (session: Session): Promise<Interpreter> => (await session.use(Interpreters)).find({});

const hostOf = (interpreter: Interpreter): ChosenEnvironment => ({
  path: interpreter.prefix,
  source: "host",
  python: interpreter.path,
});
