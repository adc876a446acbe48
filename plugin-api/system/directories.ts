import path from "node:path";

type Env = Readonly<Record<string, string | undefined>>;

/** Data directory (SPEC VAR-01): packages, environments, caches, logs. */
export function defaultDataDir(env: Env, home: string, platform: string): string {
  if (env["PYBUN_HOME"]) return path.resolve(env["PYBUN_HOME"]);
  if (platform === "win32") return path.join(env["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local"), "pybun");
  return path.join(absolute(env["XDG_CACHE_HOME"]) ?? path.join(home, ".cache"), "pybun");
}

/** Folder of the user's configuration file (SPEC CFG-03). */
export function userConfigDir(env: Env, home: string, platform: string): string {
  if (platform === "win32") return path.join(env["APPDATA"] ?? path.join(home, "AppData", "Roaming"), "pybun");
  const xdg = absolute(env["XDG_CONFIG_HOME"]);
  if (xdg === undefined && platform === "darwin") return path.join(home, "Library", "Application Support", "pybun");
  return path.join(xdg ?? path.join(home, ".config"), "pybun");
}

/** Folder of the machine's configuration and policy files (SPEC CFG-03, CFG-04). */
export const systemConfigDir = (env: Env, platform: string): string =>
  platform === "win32" ? path.join(env["PROGRAMDATA"] ?? "C:\\ProgramData", "pybun") : "/etc/pybun";

/** Folder for commands of the user, to be on PATH: of installed tools, and of Pythons (SPEC TOOL-01). */
export const commandsDir = (env: Env, home: string): string =>
  path.resolve(env["PYBUN_TOOL_BIN_DIR"] || absolute(env["XDG_BIN_HOME"]) || path.join(home, ".local", "bin"));

/** A relative path in an XDG variable is ignored, as the XDG Base Directory Specification asks. */
const absolute = (dir: string | undefined): string | undefined => (dir && path.isAbsolute(dir) ? dir : undefined);
