import { InvalidSyntax, PybunError } from "../../../plugin-api/error.ts";
import type { Target } from "../../../plugin-api/model/interpreter.ts";
import { isPylockFilename, parsePylock } from "../../../plugin-api/python/pylock.ts";
import { formatPylock } from "../../../plugin-api/python/pylock-format.ts";
import { selectPylock } from "../../../plugin-api/python/pylock-select.ts";
import { lockTargets } from "./lock-targets.ts";
import type { Row } from "./row.ts";

interface Pylocks {
  readonly validate: readonly ValidateRow[];
  readonly file_names: readonly { readonly input: string; readonly valid: boolean }[];
  readonly select: readonly SelectRow[];
}
interface ValidateRow {
  readonly toml: string;
  readonly valid: boolean;
  /** Place of the fault; null where it concerns the whole. */
  readonly where?: string | null;
}
interface SelectRow {
  readonly toml: string;
  readonly environment: string;
  readonly extras: readonly string[] | null;
  readonly dependency_groups: readonly string[] | null;
  readonly ok: boolean;
  readonly selected?: readonly (readonly [name: string, version: string | null, kind: string, file: string | null])[];
}

/** The place a refusal names, or `valid`. */
function verdict(toml: string): string | null {
  try {
    parsePylock(toml);
    return "valid";
  } catch (error) {
    if (!(error instanceof InvalidSyntax)) throw error;
    return /^`([^`]+)`/.exec(error.message)?.[1] ?? null;
  }
}

function selection({ toml, extras, dependency_groups: groups }: SelectRow, target: Target): unknown {
  try {
    const choice = { ...(extras && { extras }), ...(groups && { dependencyGroups: groups }) };
    return selectPylock(parsePylock(toml), target, choice).map(({ package: { name, version = null }, pick }) => [
      name,
      version,
      pick.kind,
      "file" in pick ? pick.file.filename : null,
    ]);
  } catch (error) {
    if (error instanceof PybunError && error.code === "E_LOCK_TARGET") return "refused";
    throw error;
  }
}

export function* checkPylock({ validate, file_names: names, select }: Pylocks): Iterable<Row> {
  for (const { toml, valid, where = null } of validate) {
    yield { subject: toml, expected: valid ? "valid" : where, answer: () => verdict(toml) };
    if (!valid) continue;
    const text = formatPylock(parsePylock(toml));
    const again = () => formatPylock(parsePylock(text));
    yield { subject: `again ${toml}`, expected: text, answer: again };
  }
  for (const { input, valid } of names) {
    yield { subject: input, expected: valid, answer: () => isPylockFilename(input) };
  }
  for (const row of select) {
    const subject = `${row.environment} ${JSON.stringify([row.extras, row.dependency_groups])} of ${row.toml}`;
    const answer = (): unknown => selection(row, lockTargets[row.environment]!);
    yield { subject, expected: row.ok ? row.selected : "refused", answer };
  }
}
