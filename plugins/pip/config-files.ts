import fs from "node:fs";
import path from "node:path";
import { PybunError } from "../../plugin-api/error.ts";
import { pipFiles } from "../../plugin-api/pip-config/files.ts";
import { type IniEntry, IniSyntax, readIni } from "../../plugin-api/pip-config/ini.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { callError } from "./as-pip.ts";
import { selectedEnvironment } from "./place.ts";

export interface Scopes {
  readonly user: boolean;
  readonly global: boolean;
  readonly site: boolean;
}

/** A file of pip's configuration and what it says. */
export interface ConfigFile {
  readonly file: string;
  readonly text: string;
  readonly entries: readonly IniEntry[];
}

/** The files that count, lowest precedence first. Throws `E_CONFIG_INVALID`. */
export async function readConfig(scopes: Scopes, session: Session): Promise<readonly ConfigFile[]> {
  const isAny = scopes.user || scopes.global || scopes.site;
  const files = isAny ? [await fileOf(scopes, session)] : await allFiles(session);
  return files.map(readFile);
}

async function allFiles(session: Session): Promise<readonly string[]> {
  const { env, home, platform } = await session.use(Host);
  const environment = await selectedEnvironment(session);
  const virtual = environment?.interpreter.isVirtual ? { VIRTUAL_ENV: environment.root } : {};
  return pipFiles({ env: { ...env, ...virtual }, home, platform });
}

/** One file; what is not there is empty. Throws `E_CONFIG_INVALID`. */
function readFile(file: string): ConfigFile {
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  try {
    return { file, text, entries: readIni(text) };
  } catch (error) {
    if (!(error instanceof IniSyntax)) throw error;
    throw new PybunError("E_CONFIG_INVALID", `${file}:${error.line} can't be read: ${error.message}`, {
      file,
      line: error.line,
    });
  }
}

/** The one file to change: the one that is named, else the environment's where it has one, else the user's. Throws `E_USAGE`. */
export async function fileOf({ user, global, site }: Scopes, session: Session): Promise<string> {
  if ([user, global, site].filter(Boolean).length > 1)
    throw callError("pip config", "`--user`, `--global` and `--site` exclude each other");
  const { env, home, platform } = await session.use(Host);
  const { PIP_CONFIG_FILE: _named, VIRTUAL_ENV: _active, ...others } = env;
  const [machine = "", ...rest] = pipFiles({ env: others, home, platform });
  const name = path.basename(machine);
  const environment = await selectedEnvironment(session);
  const own = environment && path.join(environment.root, name);
  if (site || (!user && !global && own !== undefined && fs.existsSync(own))) {
    if (own === undefined) throw callError("pip config", "there is no environment that `--site` could mean");
    return own;
  }
  if (!global) return rest.at(-1) as string;
  return platform === "linux" ? "/etc/pip.conf" : machine;
}

/** `section.key` in parts; pip takes any case, and `_` for `-`. Throws `E_USAGE`. */
export function keyParts(written: string): readonly [section: string, key: string] {
  const [, section, key] = /^([^.]+)\.(.+)$/.exec(written.toLowerCase().replaceAll("_", "-").replace(/^--/, "")) ?? [];
  if (section !== undefined && key !== undefined) return [section, key];
  throw callError("pip config", `\`${written}\` has no section: write \`global.${written}\``);
}

/** The text with a value set, or removed where it is undefined; all other lines stay as they are. */
export function withValue(
  { text, entries }: Pick<ConfigFile, "text" | "entries">,
  [section, key]: readonly [section: string, key: string],
  value: string | undefined,
): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const old = entries.find((entry) => entry.section === section && entry.key === key);
  const written = value === undefined ? [] : [`${key} = ${value}`];
  if (old) lines.splice(old.line - 1, old.value.split("\n").length, ...written);
  else if (value !== undefined) {
    const head = lines.findIndex((line) => line.trim() === `[${section}]`);
    if (head >= 0) lines.splice(head + 1, 0, ...written);
    else lines.push(...(lines.length > 0 ? [""] : []), `[${section}]`, ...written);
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Sets a value in the file that is meant, or removes it where it is undefined; whole or not at all. */
export async function changeConfig(
  scopes: Scopes,
  { parts, value }: { readonly parts: readonly [section: string, key: string]; readonly value: string | undefined },
  session: Session,
): Promise<Report> {
  const file = await fileOf(scopes, session);
  const before = readFile(file);
  const [section, key] = parts;
  const isThere = before.entries.some((entry) => entry.section === section && entry.key === key);
  if (value === undefined && !isThere) throw callError("pip config unset", `${file} has no \`${section}.${key}\``);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeUsersFile(file, withValue(before, parts, value));
  return { exitCode: 0, data: { file }, text: () => `Writing to ${file}` };
}
