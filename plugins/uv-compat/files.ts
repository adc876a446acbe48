import path from "node:path";

/** Where uv looks for its configuration. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  readonly cwd: string;
}

/** Files to try in turn, of which the first that holds settings counts. */
export type Level = readonly string[];

/** uv's levels, highest precedence first: project, user, machine; or the one file that `UV_CONFIG_FILE` names. */
export function uvLevels({ env, home, platform, cwd }: Place): readonly Level[] {
  if (isSet(env["UV_NO_CONFIG"])) return [];
  const own = env["UV_CONFIG_FILE"];
  if (own) return [[path.resolve(cwd, own)]];
  return [projectFiles(cwd, home), userFiles(env, home, platform), machineFiles(env, platform)];
}

const isSet = (value: string | undefined): boolean => value !== undefined && /^(?:1|true|yes|y|on|t)$/i.test(value);

/** In every folder from here upwards `uv.toml`, or the project's own file; not at or above the home directory. */
function projectFiles(cwd: string, home: string): readonly string[] {
  const files: string[] = [];
  for (let folder = cwd; ; ) {
    files.push(path.join(folder, "uv.toml"), path.join(folder, "pyproject.toml"));
    const parent = path.dirname(folder);
    if (parent === folder || parent === home || folder === home) return files;
    folder = parent;
  }
}

function userFiles(env: Place["env"], home: string, platform: string): readonly string[] {
  const folder =
    platform === "win32"
      ? (env["APPDATA"] ?? path.join(home, "AppData", "Roaming"))
      : env["XDG_CONFIG_HOME"] || path.join(home, ".config");
  return [path.join(folder, "uv", "uv.toml")];
}

function machineFiles(env: Place["env"], platform: string): readonly string[] {
  if (platform === "win32") return [path.join(env["PROGRAMDATA"] ?? "C:\\ProgramData", "uv", "uv.toml")];
  const xdg = (env["XDG_CONFIG_DIRS"] || "/etc/xdg").split(":").filter((folder) => path.isAbsolute(folder));
  return [...xdg.map((folder) => path.join(folder, "uv", "uv.toml")), "/etc/uv/uv.toml"];
}
