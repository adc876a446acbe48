import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { warning } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Report } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { writeUsersFile } from "../../plugin-api/system/users-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { parseTomlKey, type TomlPath } from "../../plugin-api/toml-document.ts";
import { allFiles, fileOf, readText, type Scope } from "./files.ts";
import { configFileOf, type TypedKey } from "./known.ts";
import { editing, valueAt } from "./table.ts";

/** One change of one file. */
export interface Change {
  readonly key: TypedKey;
  readonly scope: Scope;
  readonly isDryRun: boolean;
  /** The file's text with the full path of the key set or removed. */
  readonly edit: (text: string, path: TomlPath) => string;
  /** Refuses what the setting would be, as the file then has it. */
  readonly verify?: (value: unknown) => Promise<void>;
  /** `Set offline = true`, `Removed offline`: first word, rest, and the first word of a dry run. */
  readonly words: readonly [done: string, rest: string, would: string];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Carries out a change and says so. Throws `E_POLICY` for a locked key, `E_CONFIG_INVALID`, `E_PROJECT_NOT_FOUND`. */
export async function carryOut(session: Session, change: Change): Promise<Report> {
  const host = await session.use(Host);
  const { key, scope, words, isDryRun } = change;
  const origin = key.entry?.origin;
  if (origin?.kind === "policy") throw new PybunError("E_POLICY", `\`${key.typed}\` is fixed by ${origin.name}`);
  const { file, table } = fileOf(scope, host, configFileOf(session));
  const before = readText(file);
  if (before === undefined && scope === "project")
    throw new PybunError("E_PROJECT_NOT_FOUND", `no ${showPath(file, host)}`);
  const after = editing(file, before ?? "", (text) => change.edit(text, [...table, ...key.path]));
  if (change.verify && key.entry)
    await change.verify(valueAt(parse(after), [...table, ...parseTomlKey(key.entry.key)]));
  const isChanged = after !== (before ?? "");
  if (isChanged && !isDryRun) write(file, after);
  const shown = showPath(file, host);
  return {
    exitCode: 0,
    data: { ...change.data, key: key.typed, scope, file, up_to_date: !isChanged, dry_run: isDryRun },
    diagnostics: isChanged ? hidden(change, host, allFiles(host, configFileOf(session))) : [],
    text: (ui) => {
      const [done, rest, would] = words;
      if (!isChanged) return `${ui.ok("Up to date")}: ${shown}\n`;
      return `${ui.ok(isDryRun ? would : done)} ${rest} ${ui.dim(`in ${shown}`)}\n`;
    },
  };
}

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeUsersFile(file, text);
}

/** Whoever has a higher precedence keeps the last word, and the user should know. */
function hidden({ key, scope }: Change, host: Host, files: Readonly<Record<string, string>>): readonly Diagnostic[] {
  const origin = key.entry?.origin;
  if (origin === undefined) return [];
  const scopes = Object.keys(files);
  const holder = scopes.find((name) => files[name] === origin.name);
  const isHigher =
    origin.kind === "environment" ||
    origin.kind === "argv" ||
    (origin.kind === "file" && holder !== undefined && scopes.indexOf(holder) < scopes.indexOf(scope));
  if (!isHigher) return [];
  const who = origin.kind === "file" ? showPath(origin.name, host) : origin.name;
  return [warning("W_CONFIG_HIDDEN", `\`${key.typed}\` is also set by ${who}, which has the last word`)];
}
