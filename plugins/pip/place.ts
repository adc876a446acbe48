import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Destination, Environment } from "../../plugin-api/model/environment.ts";
import type { Interpreter, Scheme } from "../../plugin-api/model/interpreter.ts";
import { checkManaged } from "../../plugin-api/python/externally-managed.ts";
import {
  Environments,
  Host,
  Interpreters,
  type SelectedEnvironment,
  SettingsTable,
} from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type EnvironmentData, pythonIn } from "../../plugin-api/text/environment-data.ts";

/** Where packages are put, and what is there. */
export interface Place {
  readonly destination: Destination;
  readonly interpreter: Interpreter;
  /** Undefined where an environment has to be made first. */
  readonly existing: Environment | undefined;
  /** `target`: a folder whose top takes the packages, with nothing of an installation around them. */
  readonly kind: "environment" | "installation" | "folder" | "target";
  /** Why it is this environment; absent for one that was named. */
  readonly source?: SelectedEnvironment["source"];
}

/** The place as JSON has it (SPEC ENV-02); `root` where the packages do not lie in the environment itself. */
export function environmentData(
  { destination, interpreter, existing, source }: Place,
  root = destination.root,
): EnvironmentData {
  const python = existing?.python ?? pythonIn(destination.root, interpreter);
  return { path: root, ...(source !== undefined && { source }), python };
}

/** The options that name another place than the environment. */
export interface PlaceOptions {
  readonly target?: string | undefined;
  readonly prefix?: string | undefined;
  readonly root?: string | undefined;
  readonly user: boolean;
  /** Nothing will be written. */
  readonly dryRun: boolean;
}

/** What is typed as `--python`, where it names an interpreter or an environment rather than a version. */
async function namedPython(session: Session): Promise<string | undefined> {
  const entry = (await session.use(SettingsTable)).get("python");
  const text = entry?.origin.kind === "argv" ? entry.value : undefined;
  return typeof text === "string" && /[/\\]|^~/.test(text) ? text : undefined;
}

/** The environment that pip's commands work on: ENV-02's, or that of the Python which `--python` names by its path. */
export async function selectedEnvironment(session: Session): Promise<Environment | undefined> {
  const environments = await session.use(Environments);
  if ((await namedPython(session)) !== undefined) return (await ofNamed(session)).environment;
  return (await environments.select())?.environment;
}

async function ofNamed(session: Session) {
  const [environments, interpreters] = await Promise.all([session.use(Environments), session.use(Interpreters)]);
  return environments.of(await interpreters.find({}));
}

/** Where to install. Throws `E_ENV_MANAGED`, `E_PIP_PLACE`, and what choosing an environment throws. */
export async function placeFor(options: PlaceOptions, session: Session): Promise<Place> {
  const { target, prefix, root, user, dryRun } = options;
  checkTogether(options);
  const own = await ownPlace(session);
  const { interpreter } = own;
  if (target === undefined && prefix === undefined && root === undefined && !dryRun) {
    const isAllowed = (await session.use(SettingsTable)).get("break-system-packages")?.value === true;
    if (own.kind === "installation") checkManaged(interpreter, { isAllowed });
  }
  if (target !== undefined) return { ...own, kind: "target", existing: undefined };
  if (user) {
    if (own.kind === "environment")
      throw new PybunError(
        "E_PIP_PLACE",
        "`--user` is of no use here: the environment does not look into that folder",
        {
          hints: ["leave out `--user`: the packages are then installed into the environment"],
        },
      );
    return folderPlace(own, { root: await userBase(session), scheme: userScheme(interpreter) }, session);
  }
  if (root === undefined && prefix === undefined) return own;
  const below = path.resolve(session.cwd, prefix ?? own.destination.root);
  const folder = root === undefined ? below : path.join(path.resolve(session.cwd, root), path.relative("/", below));
  return folderPlace(own, { root: folder, scheme: own.destination.scheme ?? interpreter.scheme }, session);
}

function checkTogether({ target, prefix, root, user }: PlaceOptions): void {
  const given = [
    ...(target === undefined ? [] : ["`--target`"]),
    ...(user ? ["`--user`"] : []),
    ...(prefix === undefined ? [] : ["`--prefix`"]),
  ];
  const all = [...given, ...(root === undefined ? [] : ["`--root`"])];
  const isTooMany = given.length > 1 || (root !== undefined && given.length > 0 && prefix === undefined);
  if (isTooMany) throw new PybunError("E_PIP_PLACE", `${all.join(" and ")} exclude each other`, { hints: [] });
}

async function ownPlace(session: Session): Promise<Place> {
  const environments = await session.use(Environments);
  if ((await namedPython(session)) !== undefined) {
    const { environment } = await ofNamed(session);
    const { root, interpreter } = environment;
    if (!interpreter.isVirtual) return installationPlace(environment, session);
    return {
      destination: { root, interpreter, isExact: false },
      interpreter,
      existing: environment,
      kind: "environment",
    };
  }
  const { root, interpreter, selected, replaced, source } = await environments.target();
  const destination = { root, interpreter, isExact: false, ...(replaced && { isRebuilt: true }) };
  return { destination, interpreter, existing: selected?.environment, kind: "environment", source };
}

const ASK_PATHS = "import json, sysconfig; print(json.dumps(sysconfig.get_paths()))";

/** An installation says itself where its packages go: distributors of Linux have folders of their own for pip. */
async function installationPlace({ interpreter, python }: Environment, session: Session): Promise<Place> {
  const { stdout, status } = spawnSync(python, ["-I", "-c", ASK_PATHS], { encoding: "utf8" });
  if (status !== 0) throw new PybunError("E_PIP_PLACE", `${python} does not say where its packages go`);
  const { data: root, ...paths } = JSON.parse(stdout) as Readonly<Record<string, string>> & { readonly data: string };
  const below = (name: string): string => path.relative(root, paths[name] ?? root);
  const scheme = {
    purelib: below("purelib"),
    platlib: below("platlib"),
    scripts: below("scripts"),
    headers: below("include"),
  };
  const sitePackages = path.join(root, scheme.purelib);
  const installed = (await session.use(Environments)).installed(sitePackages);
  return {
    destination: { root, interpreter, isExact: false, scheme },
    interpreter,
    existing: { root, interpreter, python, sitePackages, installed },
    kind: "installation",
  };
}

async function folderPlace(
  own: Place,
  { root, scheme }: { readonly root: string; readonly scheme: Scheme },
  session: Session,
): Promise<Place> {
  const { interpreter } = own;
  const sitePackages = path.join(root, scheme.purelib);
  const installed = (await session.use(Environments)).installed(sitePackages);
  const python = own.existing?.python ?? interpreter.path;
  return {
    destination: { root, interpreter, isExact: false, scheme },
    interpreter,
    existing: { root, interpreter, python, sitePackages, installed },
    kind: "folder",
  };
}

/** `site.USER_BASE`. */
async function userBase(session: Session): Promise<string> {
  const { env, home, platform } = await session.use(Host);
  if (env["PYTHONUSERBASE"]) return path.resolve(session.cwd, env["PYTHONUSERBASE"]);
  if (platform === "win32") return path.join(env["APPDATA"] ?? path.join(home, "AppData", "Roaming"), "Python");
  return path.join(home, ".local");
}

function userScheme({ tags: { python } }: Interpreter): Scheme {
  if (os.platform() === "win32") {
    const name = `Python${python.join("")}`;
    const site = `${name}/site-packages`;
    return { purelib: site, platlib: site, scripts: `${name}/Scripts`, headers: `${name}/Include` };
  }
  const minor = python.join(".");
  const site = `lib/python${minor}/site-packages`;
  return { purelib: site, platlib: site, scripts: "bin", headers: `include/python${minor}` };
}

/** Whether an environment looks into the packages of its installation, too. */
export function seesSystem({ root }: Environment): boolean {
  const file = path.join(root, "pyvenv.cfg");
  if (!fs.existsSync(file)) return true;
  return /^include-system-site-packages\s*=\s*true\s*$/im.test(fs.readFileSync(file, "utf8"));
}
