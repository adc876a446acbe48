import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { type Profile, profileNames, profileValues, readProfile } from "../../plugin-api/profile.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Host } from "../../plugin-api/services.ts";
import { settingsOf } from "../../plugin-api/session.ts";
import { writeAtomically } from "../../plugin-api/system/atomic-file.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { formatTomlKey, formatTomlValue } from "../../plugin-api/toml-value.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { profileCommand as spec } from "./commands.ts";
import { profileOf } from "./service.ts";
import { settings } from "./settings.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

const profiles: RunOf<typeof spec> = async (options, operands, session) => {
  const { profile: active, profiles: tables } = settingsOf(session, settings);
  const shown = namesOf(options, operands)?.map((name) => profileOf(name, tables)) ?? allOf(tables);
  const host = await session.use(Host);
  const file = options.output === undefined ? undefined : path.resolve(session.cwd, options.output);
  if (file !== undefined) writeProfiles(file, shown);
  const isCompared = options.compare !== undefined;
  const wire = shown.map((profile) => wireOf(profile, active));
  const differences = isCompared ? differencesOf(shown) : undefined;
  return {
    exitCode: 0,
    data: { profiles: wire, ...(differences && { differences }), ...(file !== undefined && { path: file }) },
    text: (ui) => {
      if (file !== undefined) return ui.isQuiet ? "" : `${ui.ok("Wrote")} ${showPath(file, host)}\n`;
      const keys = differences?.map(({ key }) => key) ?? Object.keys(profileValues(shown[0] as Profile));
      if (isCompared && keys.length === 0) return "No difference\n";
      return tableOf(shown, keys, { active, ui });
    },
  };
};
export default profiles;

/** The profiles that the words name; undefined for all. Throws `E_USAGE`. */
function namesOf({ list, show, compare }: Options, operands: readonly string[]): readonly string[] | undefined {
  const [other, ...more] = operands;
  if ([list, show !== undefined, compare !== undefined].filter(Boolean).length > 1)
    throw usageError("profile", "`--list`, `--show` and `--compare` exclude each other");
  if (compare !== undefined && other === undefined)
    throw usageError("profile", "`--compare` takes two profiles: `pybun profile --compare dev prod`");
  if (more.length > 0)
    throw usageError(
      "profile",
      `\`${more.join(" ")}\` is not expected behind the second profile; options stand before it`,
    );
  if (compare === undefined && other !== undefined)
    throw usageError(
      "profile",
      `\`${other}\` is not expected here; one profile is shown by \`pybun profile --show ${other}\``,
    );
  if (compare !== undefined) return [compare, other as string];
  return show === undefined ? undefined : [show];
}

/** One that is declared wrongly is no reason to hide the others. */
const allOf = (tables: unknown): readonly Profile[] =>
  profileNames(tables).flatMap((name) => {
    const found = readProfile(name, tables);
    return "fault" in found ? [] : [found];
  });

const wireOf = (profile: Profile, active: string | undefined) => ({
  name: profile.name,
  extends: profile.extends ?? null,
  active: profile.name === active,
  ...Object.fromEntries(
    Object.entries(profileValues(profile)).map(([key, value]) => [key.replaceAll("-", "_"), value]),
  ),
});

function differencesOf(shown: readonly Profile[]) {
  const [one = {}, other = {}] = shown.map(profileValues);
  return Object.keys(one)
    .filter((key) => one[key] !== other[key])
    .map((key) => ({ key, values: [one[key], other[key]] }));
}

/** Values below each other, a column for each profile. */
function tableOf(
  shown: readonly Profile[],
  keys: readonly string[],
  { active, ui }: { readonly active: string | undefined; readonly ui: TextStyle },
): string {
  const heads = shown.map(({ name }) => (name === active ? `${name} *` : name));
  const rows = keys.map((key) => [key, ...shown.map((profile) => words(profileValues(profile)[key]))]);
  const all = [["", ...heads], ...rows];
  const widths = all[0]?.map((_cell, at) => Math.max(...all.map((row) => (row[at] as string).length))) ?? [];
  const lines = all.map((row, line) =>
    row
      .map((cell, at) => (line === 0 ? ui.name : String)(cell) + " ".repeat((widths[at] as number) - cell.length))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n${shown.some(({ name }) => name === active) ? ui.dim("* in use here\n") : ""}`;
}

const words = (value: unknown): string => (typeof value === "boolean" ? (value ? "on" : "off") : String(value));

/** As the tables that declare them. Throws `E_USAGE` for an ending that says nothing. */
function writeProfiles(file: string, shown: readonly Profile[]): void {
  const ending = path.extname(file).toLowerCase();
  if (ending !== ".toml" && ending !== ".json")
    throw usageError("profile", `\`-o ${path.basename(file)}\` has to end in .toml or .json`);
  const tables = shown.map((profile) => [profile.name, profileValues(profile)] as const);
  const text =
    ending === ".json"
      ? `${JSON.stringify({ profiles: Object.fromEntries(tables) }, null, 2)}\n`
      : tables
          .map(([name, values]) => {
            const lines = Object.entries(values).map(([key, value]) => `${key} = ${formatTomlValue(value)}\n`);
            return `[tool.pybun.${formatTomlKey("profiles", name)}]\n${lines.join("")}`;
          })
          .join("\n");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeAtomically(file, text);
}
