import type { RunOf } from "../../plugin-api/command.ts";
import type { Origin } from "../../plugin-api/option.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Catalogue, Host, type SettingEntry } from "../../plugin-api/services.ts";
import { lineIn } from "../../plugin-api/system/config-files.ts";
import { showPath } from "../../plugin-api/text/show-path.ts";
import { textColumns } from "../../plugin-api/text/wrap.ts";
import { formatTomlValue, type TomlValue } from "../../plugin-api/toml-value.ts";
import type * as commands from "./commands.ts";
import { fileOf, scopeOf } from "./files.ts";
import { configFileOf, knownSettings, shownValue } from "./known.ts";

const list: RunOf<typeof commands.list> = async (options, _operands, session) => {
  if (options.preset) return listPlugins(await session.use(Catalogue));
  const host = await session.use(Host);
  const scope = scopeOf("config list", options);
  const only = scope && fileOf(scope, host, configFileOf(session)).file;
  const entries = (await knownSettings(session)).filter(({ origin }) => only === undefined || origin.name === only);
  const rows = entries.map((entry) => ({ ...entry, value: shownValue(entry), origin: withLine(entry) }));
  return {
    exitCode: 0,
    data: {
      settings: rows.map(({ key, value, origin, plugin, option }) => ({
        key,
        value: value ?? null,
        origin,
        plugin,
        kind: option.kind,
      })),
    },
    text: (ui) =>
      columns(
        ui,
        options.showOrigin ? ["key", "value", "origin"] : ["key", "value"],
        rows.map(({ key, value, origin }) => [
          key,
          value === undefined ? "" : formatTomlValue(value as TomlValue),
          ...(options.showOrigin ? [originInText(origin, host)] : []),
        ]),
      ),
  };
};
export default list;

/** The line of a value in its file, where the settings table does not know it. */
function withLine({ origin, key }: SettingEntry): Origin {
  const line = origin.line ?? lineIn(origin, key);
  return line === undefined ? origin : { ...origin, line };
}

function originInText({ kind, name, line }: Origin, host: Host): string {
  if (kind === "default") return "default";
  if (kind === "preset") return `preset ${name.replace(/^preset /, "")}`;
  const where = kind === "file" || kind === "policy" ? showPath(name, host) : name;
  return `${where}${line === undefined ? "" : `:${line}`}${kind === "policy" ? " (policy)" : ""}`;
}

function listPlugins({ product, plugins }: Catalogue): Report {
  const rows = plugins.map(({ name, version, maturity, origin }) => ({ name, version, maturity, origin }));
  return {
    exitCode: 0,
    data: { preset: product.preset, plugins: rows },
    text: (ui) =>
      columns(
        ui,
        ["plugin", "version", "level", "origin"],
        rows.map(({ name, version, maturity, origin }) => [name, version, maturity, origin]),
      ),
  };
}

/** Rows in aligned columns under dim heads; the last column has no padding. */
function columns(ui: TextStyle, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => textColumns(row[column] ?? ""))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - textColumns(cell)))
      .join("  ")
      .trimEnd();
  return [ui.dim(line(heads)), ...rows.map(line)].join("\n");
}
