import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { PybunError } from "../../plugin-api/error.ts";
import type { Option, Values } from "../../plugin-api/option.ts";
import { emptyValue, readValue } from "../../plugin-api/option-value.ts";
import { type LazyPolicy, policyOf } from "./policy.ts";
import { settings } from "./settings.ts";

const PREFIX = "run.lazy.";
/** Where the table may stand: in a file of its own, as in configuration files, as in pyproject.toml. */
const PLACES = [[], ["run", "lazy"], ["tool", "pybun", "run", "lazy"]] as const;

/** The policy that a TOML file says (SPEC LZY-02). Throws `E_LAZY_CONFIG`. */
export function readPolicy(file: string, cwd: string): LazyPolicy {
  const table = tableIn(file, cwd);
  const byKey = new Map(Object.entries<Option>(settings).map(([name, option]) => [keyOf(option), { name, option }]));
  const values = Object.fromEntries(
    Object.entries<Option>(settings).map(([name, option]) => [name, emptyValue(option)]),
  );
  for (const [typed, value] of Object.entries(table)) {
    const known = byKey.get(typed.replaceAll("_", "-"));
    if (!known) throw fault(file, `has \`${typed}\`, which is none of ${[...byKey.keys()].join(", ")}`);
    const read = readValue(value, known.option);
    if ("expected" in read) throw fault(file, `takes ${read.expected} as \`${typed}\``);
    values[known.name] = read.value;
  }
  return policyOf(values as Values<typeof settings>);
}

const keyOf = ({ key = "" }: Option): string => key.slice(PREFIX.length);

const fault = (file: string, what: string, cause?: unknown): PybunError =>
  new PybunError("E_LAZY_CONFIG", `${file} ${what}`, { file, cause });

function tableIn(file: string, cwd: string): Readonly<Record<string, unknown>> {
  let whole: unknown;
  try {
    whole = parse(fs.readFileSync(path.resolve(cwd, file), "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw fault(file, code === undefined ? "is not TOML" : code === "ENOENT" ? "is not there" : "can't be read", error);
  }
  const found = PLACES.map((place) => place.reduce<unknown>((at, part) => Object(at)[part], whole));
  return (found.findLast((table) => typeof table === "object" && table !== null) ?? {}) as Record<string, unknown>;
}
