import os from "node:os";
import path from "node:path";

/** Where pip looks for its configuration. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
}

/** pip's configuration files, lowest precedence first; none when `PIP_CONFIG_FILE` is the null device. */
export function pipFiles({ env, home, platform }: Place): readonly string[] {
  const own = env["PIP_CONFIG_FILE"];
  if (own === os.devNull) return [];
  const virtual = env["VIRTUAL_ENV"];
  const name = platform === "win32" ? "pip.ini" : "pip.conf";
  // A file that is named replaces the user's.
  const user = own ? [] : userFolders({ env, home, platform });
  const folders = [...machineFolders(env, platform), ...user, ...(virtual ? [virtual] : [])];
  return [...folders.map((folder) => path.join(folder, name)), ...(own ? [own] : [])];
}

function machineFolders(env: Place["env"], platform: string): readonly string[] {
  if (platform === "win32") return [path.join(env["PROGRAMDATA"] ?? "C:\\ProgramData", "pip")];
  if (platform === "darwin") return ["/Library/Application Support/pip"];
  const xdg = (env["XDG_CONFIG_DIRS"] || "/etc/xdg").split(":").filter((folder) => path.isAbsolute(folder));
  return [...xdg.map((folder) => path.join(folder, "pip")), "/etc"];
}

function userFolders({ env, home, platform }: Place): readonly string[] {
  if (platform === "win32")
    return [path.join(home, "pip"), path.join(env["APPDATA"] ?? path.join(home, "AppData", "Roaming"), "pip")];
  const config = path.join(env["XDG_CONFIG_HOME"] || path.join(home, ".config"), "pip");
  const legacy = path.join(home, ".pip");
  return platform === "darwin"
    ? [legacy, config, path.join(home, "Library", "Application Support", "pip")]
    : [legacy, config];
}
