import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { sha256Of } from "../../plugin-api/hash/native.ts";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Host } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { environmentBehind } from "../../plugin-api/system/dot-venv.ts";
import { settings } from "./settings.ts";

/** What decides where environments are. */
export interface Around {
  readonly host: Host;
  readonly cwd: string;
  readonly location: "project" | "central";
}

export const aroundOf = (session: Session, host: Host): Around => ({
  host,
  cwd: session.cwd,
  location: settingsOf(session, settings).location,
});

export const environmentsFolder = ({ dataDir }: Pick<Host, "dataDir">): string => path.join(dataDir, "envs");
const GLOBAL = "global";
export const globalFolder = (host: Pick<Host, "dataDir">): string => path.join(environmentsFolder(host), GLOBAL);

/** A project's own environment (SPEC ENV-02, ENV-10); undefined outside of a project. */
export function projectEnvironment({ host, location }: Around): string | undefined {
  const { projectRoot } = host;
  if (projectRoot === undefined) return undefined;
  return location === "central" ? centralEnvironment(host, projectRoot) : localEnvironment(projectRoot);
}

export const localEnvironment = (projectRoot: string): string => path.join(projectRoot, ".pybun", "venv");

/** One for a project by whatever links it is reached. */
function centralEnvironment(host: Host, projectRoot: string): string {
  const root = fs.realpathSync(projectRoot);
  const name = path.basename(root).replace(/[^\w.-]/g, "_");
  return path.join(environmentsFolder(host), `${name}-${sha256Of(root).slice(0, 10)}`);
}

/** In a central environment: absolute path of its project, under the name that other tools use for this. */
export const PROJECT_NOTE = ".project";

/** Some make an environment of their project's folder itself: what they work on must not go with it. Throws `E_USAGE`. */
export function checkWork(root: string, around: Around): void {
  const { host, cwd } = around;
  const isIn = (file: string): boolean => file === root || file.startsWith(root + path.sep);
  const holdsWork = (host.projectRoot !== undefined && isIn(host.projectRoot)) || (isIn(cwd) && !isOwn(root, host));
  if (!holdsWork) return;
  throw new PybunError("E_USAGE", `\`${shownPath(root, around)}\` is an environment that your work lies in`, {
    evidence: ["nothing was removed"],
    context: { path: root },
  });
}

/** The environment that all directories outside of projects share. */
export function globalEnvironment(host: Pick<Host, "dataDir">, { implementation, tags }: Interpreter): string {
  const kind = implementation === "cpython" ? "cp" : `${implementation}-`;
  return path.join(globalFolder(host), `${kind}${tags.python.join("")}${tags.isFreeThreaded ? "t" : ""}`);
}

/** A name is one of `envs/NAME`; everything else is a path. Throws `E_USAGE` for the folder of the global ones. */
export function namedEnvironment(text: string, { host, cwd }: Pick<Around, "host" | "cwd">): string {
  const isName = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text);
  if (isName && !isEnvironment(path.resolve(cwd, text))) {
    if (text.toLowerCase() === GLOBAL)
      throw new PybunError(
        "E_USAGE",
        `no environment can have the name \`${text}\`: it stands for those shared by all folders`,
      );
    return path.join(environmentsFolder(host), text);
  }
  const expanded = text === "~" || text.startsWith("~/") ? path.join(host.home, text.slice(1)) : text;
  return environmentBehind(path.resolve(cwd, expanded));
}

/** PyBun made it for itself, so it may make it anew: in a project's `.pybun`, or in the data directory. */
export const isOwn = (root: string, { dataDir }: Pick<Host, "dataDir">): boolean =>
  path.basename(path.dirname(root)) === ".pybun" || root.startsWith(dataDir + path.sep);

export const isEnvironment = (root: string): boolean => fs.existsSync(path.join(root, "pyvenv.cfg"));

export const executableIn = (root: string, { scheme }: Pick<Interpreter, "scheme">, platform: string): string =>
  path.join(root, scheme.scripts, platform === "win32" ? "python.exe" : "python");

/** Relative below the current directory, `~/…` below the home directory, else absolute. */
export function shownPath(file: string, { cwd, host }: Pick<Around, "host" | "cwd">): string {
  if (file === cwd || file.startsWith(cwd + path.sep)) return path.relative(cwd, file) || ".";
  return file.startsWith(host.home + path.sep) ? path.join("~", path.relative(host.home, file)) : file;
}
