import { PybunError } from "../../plugin-api/error.ts";
import { selectPins } from "../../plugin-api/lock/select.ts";
import type { Environment, Installed } from "../../plugin-api/model/environment.ts";
import { targetOf } from "../../plugin-api/model/interpreter.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { readProject } from "../../plugin-api/project/read-project.ts";
import { checkInstalled, type InstalledFault } from "../../plugin-api/python/check-installed.ts";
import { Environments, Host, type SelectedEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { Finding } from "./finding.ts";

export interface EnvironmentCheck {
  readonly path: string;
  readonly packages: number;
  readonly files: number;
  readonly findings: readonly Finding[];
}

/** Compares the environment used here with its RECORDs and, where it is the project's own, with the lock. */
export async function checkEnvironment(
  lock: Lock | undefined,
  session: Session,
): Promise<EnvironmentCheck | undefined> {
  let selected: SelectedEnvironment | undefined;
  try {
    selected = await (await session.use(Environments)).select();
  } catch (error) {
    if (!(error instanceof PybunError) || error.code !== "E_ENV_BROKEN") throw error;
    const place = error.detail.context?.["path"];
    const subject = typeof place === "string" ? place : "the environment";
    const finding: Finding = {
      scope: "env",
      subject,
      path: "",
      problem: error.message,
      action: "none",
      mend: "environment",
    };
    return { path: subject, packages: 0, files: 0, findings: [finding] };
  }
  if (selected === undefined) return undefined;
  const { environment } = selected;
  const { sitePackages } = environment;
  const commands = readEnvironmentStamp(environment.root)?.commands;
  const findings: Finding[] = [];
  let files = 0;
  for (const each of environment.installed) {
    if (each.isLost) {
      findings.push(tell(`${each.name} ${each.version}`, "was linked to a store that is gone"));
      continue;
    }
    const checked = await checkInstalled(each, { sitePackages, commands, signal: session.signal });
    files += checked.files;
    findings.push(...findingsOf(each, checked.faults));
  }
  if (lock && selected.source === "project")
    findings.push(...differencesFrom(lock, environment, await ownNames(session)));
  return { path: environment.root, packages: environment.installed.length, files, findings };
}

/** The project and the members of its workspace, which no lock has to name; none where the project can't be read, which the lock's check tells. */
async function ownNames(session: Session): Promise<ReadonlySet<string | undefined>> {
  const { projectRoot } = await session.use(Host);
  try {
    const members = projectRoot === undefined ? [] : readProject(projectRoot, { cwd: session.cwd }).members;
    return new Set(members.map(({ name }) => name));
  } catch (error) {
    if (error instanceof PybunError) return new Set();
    throw error;
  }
}

/** A distribution of which much is wrong is told by its first files. */
const SHOWN = 3;

function findingsOf({ name, version }: Installed, faults: readonly InstalledFault[]): readonly Finding[] {
  const subject = `${name} ${version}`;
  const more = faults.length - SHOWN;
  const told = (more > 1 ? faults.slice(0, SHOWN) : faults).map(
    ({ path, what }): Finding => ({ scope: "env", subject, path, problem: what, action: "none", mend: "environment" }),
  );
  if (more <= 1) return told;
  return [
    ...told,
    {
      scope: "env",
      subject,
      path: "",
      problem: `has ${counted(more, "more file")} like these`,
      action: "none",
      mend: "environment",
    },
  ];
}

/**
 * Which extras and groups were wanted is not known, so what nobody has to want is only compared. Nothing is missing from an
 * environment that was made of parts of the project.
 */
function differencesFrom(
  lock: Lock,
  { root, installed, interpreter }: Environment,
  own: ReadonlySet<string | undefined>,
): readonly Finding[] {
  const target = targetOf(interpreter);
  const choose = (choice: Parameters<typeof selectPins>[2]) => {
    try {
      return selectPins(lock, target, choice).pins;
    } catch (error) {
      // Extras that exclude each other; a lock for other machines is told where it is used.
      if (error instanceof PybunError) return [];
      throw error;
    }
  };
  const isWhole = readEnvironmentStamp(root)?.lockSha256 !== undefined;
  const least = isWhole ? choose({ extras: [], groups: [] }) : [];
  const locked = new Map<PackageName, Set<string>>();
  for (const { name, version } of lock.packages) locked.set(name, (locked.get(name) ?? new Set()).add(version));
  const present = new Set(installed.map(({ name }) => name));
  const missing = least.flatMap(({ name, version, source }) =>
    present.has(name) || source.kind === "member" ? [] : [tell(`${name} ${version}`, "is locked, and not installed")],
  );
  const others = installed.flatMap(({ name, version, wheelSha256 }) => {
    const versions = locked.get(name);
    // What another installer brought, such as pip itself, is none of the lock's.
    if (versions === undefined)
      return wheelSha256 === undefined || own.has(name) ? [] : [tell(`${name} ${version}`, "is not in the lock")];
    return versions.has(version) || versions.size === 0
      ? []
      : [tell(`${name} ${version}`, `is installed, and ${[...versions].join(" or ")} is locked`)];
  });
  return [...missing, ...others];
}

const tell = (subject: string, problem: string): Finding => ({
  scope: "env",
  subject,
  path: "",
  problem,
  action: "none",
  mend: "sync",
});
