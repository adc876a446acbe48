import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import type { Host } from "../../plugin-api/services.ts";
import { systemConfigDir, userConfigDir } from "../../plugin-api/system/directories.ts";
import type { TomlPath } from "../../plugin-api/toml-document.ts";
import { usageError } from "../../plugin-api/usage.ts";

export const SCOPES = ["user", "project", "local"] as const;
export type Scope = (typeof SCOPES)[number];

/** A configuration file, and the table of it that holds PyBun's settings. */
export interface ConfigFile {
  readonly file: string;
  readonly table: TomlPath;
}

/** The one scope that flags name; undefined without any. Throws `E_USAGE` for two. */
export function scopeOf(command: string, flags: Readonly<Record<Scope, boolean>>): Scope | undefined {
  const named = SCOPES.filter((scope) => flags[scope]);
  if (named.length > 1) throw usageError(command, `\`--${named[0]}\` and \`--${named[1]}\` exclude each other`);
  return named[0];
}

/** The file of a scope. Throws `E_PROJECT_NOT_FOUND` where one of a project is meant and there is none. */
export function fileOf(scope: Scope, host: Host, configFile: string | undefined): ConfigFile {
  if (scope === "user") return { file: userFile(host, configFile), table: [] };
  const { projectRoot } = host;
  if (projectRoot === undefined)
    throw new PybunError("E_PROJECT_NOT_FOUND", "no pyproject.toml in this directory or above", {
      evidence: [`--${scope} means a file of the project`],
      hints: [`leave \`--${scope}\` out: then the user's file is meant`],
    });
  return scope === "local"
    ? { file: path.join(projectRoot, ".pybun", "config.toml"), table: [] }
    : { file: path.join(projectRoot, "pyproject.toml"), table: ["tool", "pybun"] };
}

/** Everywhere settings are looked for, highest precedence first (SPEC CFG-01). */
export function allFiles(host: Host, configFile: string | undefined): Readonly<Record<string, string>> {
  const { env, platform, projectRoot } = host;
  const system = systemConfigDir(env, platform);
  return {
    policy: path.join(system, "policy.toml"),
    ...(projectRoot === undefined
      ? {}
      : { local: path.join(projectRoot, ".pybun", "config.toml"), project: path.join(projectRoot, "pyproject.toml") }),
    user: userFile(host, configFile),
    system: path.join(system, "config.toml"),
  };
}

const userFile = ({ cwd, env, home, platform }: Host, configFile: string | undefined): string =>
  configFile === undefined
    ? path.join(userConfigDir(env, home, platform), "config.toml")
    : path.resolve(cwd, configFile);

/** The text of a file; undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
