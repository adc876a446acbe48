import path from "node:path";
import { type MarkerEnvironment, type Target, targetOf } from "../../plugin-api/model/interpreter.ts";
import { machinesOf, type PlatformName, readPlatformName, usualTags } from "../../plugin-api/python/platform-name.ts";
import { parseSpecifier, satisfies } from "../../plugin-api/python/specifier.ts";
import { Environments, Host, Interpreters, type TargetEnvironment } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { pythonsPremises } from "../../plugin-api/system/leave-note.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** Where requirements are looked at. */
export interface Place {
  /** Absent for all environments of the lock at once. */
  readonly target?: Target;
  /** Files whose change may lead to another target; undefined where something has to be said about it each time. */
  readonly decidedBy: readonly string[] | undefined;
}
interface Asked {
  readonly universal: boolean;
  readonly platform: string | undefined;
  /** Of the lock. */
  readonly requiresPython: string;
}

/** The platform that was named, else that of the environment for the working directory. Throws `E_USAGE`, `E_PYTHON_NOT_FOUND`. */
export async function placeOf({ universal, platform, requiresPython }: Asked, session: Session): Promise<Place> {
  if (universal && platform !== undefined)
    throw usageError("tree", "`--universal` and `--platform` exclude each other");
  if (universal) return { decidedBy: [] };
  const name = platform === undefined ? undefined : readPlatform(platform);
  const found = await (await session.use(Environments)).target();
  const here = targetOf(found.interpreter);
  return { target: name ? elsewhere(here, name) : here, decidedBy: await decidedBy(found, requiresPython, session) };
}

function readPlatform(text: string): PlatformName {
  const name = readPlatformName(text);
  if (name) return name;
  throw usageError(
    "tree",
    `\`--platform\` takes linux, macos or windows, or an architecture of it such as linux-aarch64, not \`${text}\``,
  );
}

const SYSTEMS = {
  linux: { os_name: "posix", sys_platform: "linux", platform_system: "Linux" },
  macos: { os_name: "posix", sys_platform: "darwin", platform_system: "Darwin" },
  windows: { os_name: "nt", sys_platform: "win32", platform_system: "Windows" },
} as const;
/** What most people have. */
const USUAL_MACHINES = { linux: "x86_64", macos: "arm64", windows: "AMD64" } as const;

/** The same Python on another platform. */
function elsewhere(here: Target, { system, machine = machineOn(system, here.markers) }: PlatformName): Target {
  const markers = {
    ...here.markers,
    ...SYSTEMS[system],
    platform_machine: machine,
    platform_release: "",
    platform_version: "",
  };
  return { python: here.python, markers, tags: usualTags(system, machine, here.tags.python) };
}

function machineOn(system: PlatformName["system"], { sys_platform, platform_machine }: MarkerEnvironment): string {
  const isHere = SYSTEMS[system].sys_platform === sys_platform && machinesOf(system).includes(platform_machine);
  return isHere ? platform_machine : USUAL_MACHINES[system];
}

async function decidedBy(
  { root, interpreter, selected }: TargetEnvironment,
  requiresPython: string,
  session: Session,
): Promise<Place["decidedBy"]> {
  const isInRange = satisfies(parseSpecifier(requiresPython), interpreter.version, { prereleases: true });
  if (!isInRange || (await (await session.use(Interpreters)).misfit(interpreter, {})) !== undefined) return undefined;
  const host = await session.use(Host);
  return [
    path.join(root, "pyvenv.cfg"),
    ...(selected ? [selected.python, interpreter.path, interpreter.basePath] : pythonsPremises(interpreter, host)),
  ];
}
