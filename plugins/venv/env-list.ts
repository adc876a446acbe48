import fs from "node:fs";
import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { Environments, Host } from "../../plugin-api/services.ts";
import { environmentBehind } from "../../plugin-api/system/dot-venv.ts";
import type { list as spec } from "./commands.ts";
import { listInstalled } from "./installed.ts";
import {
  type Around,
  aroundOf,
  environmentsFolder,
  globalFolder,
  isEnvironment,
  PROJECT_NOTE,
  projectEnvironment,
  shownPath,
} from "./places.ts";
import { readConfig } from "./read-environment.ts";

interface Row {
  readonly path: string;
  readonly kind: "project" | "dot-venv" | "active" | "named" | "central" | "global";
  /** Of a central one: the folder of its project. */
  readonly project: string | null;
  readonly version: string | null;
  readonly python: string;
  readonly packages: number;
  readonly active: boolean;
}

const list: RunOf<typeof spec> = async (_options, _operands, session) => {
  const around = aroundOf(session, await session.use(Host));
  // A broken one that is chosen here is no reason not to show the others.
  const used = await (await session.use(Environments)).select().catch(() => undefined);
  const rows = found(around).map(({ root, kind }) => describe(root, kind, root === used?.path));
  return { exitCode: 0, data: { environments: rows }, text: (ui) => table(rows, around, ui) };
};
export default list;

/** Each environment once, under the first name it has. */
function found(around: Around): readonly { readonly root: string; readonly kind: Row["kind"] }[] {
  const { host } = around;
  const own = projectEnvironment(around);
  const candidates: (readonly [string | undefined, Row["kind"]])[] = [
    [own, "project"],
    [host.projectRoot && path.join(host.projectRoot, ".venv"), "dot-venv"],
    [host.env["VIRTUAL_ENV"], "active"],
    ...foldersIn(environmentsFolder(host)).map(
      (root) => [root, projectOf(root) === null ? "named" : "central"] as const,
    ),
    ...foldersIn(globalFolder(host)).map((root) => [root, "global"] as const),
  ];
  const seen = new Set<string>();
  return candidates.flatMap(([place, kind]) => {
    const root = place && environmentBehind(place);
    if (!root || !isEnvironment(root) || seen.has(fs.realpathSync(root))) return [];
    seen.add(fs.realpathSync(root));
    return [{ root, kind }];
  });
}

function projectOf(root: string): string | null {
  const note = path.join(root, PROJECT_NOTE);
  return fs.existsSync(note) ? fs.readFileSync(note, "utf8").trim() : null;
}

function foldersIn(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

/** From the files alone: nothing is started, and a vanished Python is no obstacle. */
function describe(root: string, kind: Row["kind"], active: boolean): Row {
  const config = readConfig(root);
  const version = config?.get("version") ?? config?.get("version_info") ?? null;
  const sitePackages = sitePackagesIn(root);
  const packages = sitePackages === undefined ? 0 : listInstalled(sitePackages).length;
  const python = ["bin/python", "Scripts/python.exe"].map((file) => path.join(root, file));
  const found = python.find((file) => fs.existsSync(file)) ?? "";
  return { path: root, kind, project: projectOf(root), version, python: found, packages, active };
}

function sitePackagesIn(root: string): string | undefined {
  const lib = path.join(root, "lib");
  const folders = fs.existsSync(lib) ? fs.readdirSync(lib).map((name) => path.join(lib, name, "site-packages")) : [];
  return [...folders, path.join(root, "Lib", "site-packages")].find((folder) => fs.existsSync(folder));
}

function table(rows: readonly Row[], around: Around, ui: TextStyle): string {
  if (rows.length === 0) return "";
  const shown = rows.map((row) => [
    shownPath(row.path, around),
    row.version ?? "-",
    row.python === "" ? "broken" : row.kind,
    String(row.packages),
  ]);
  const head = ["path", "version", "kind", "packages"];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...shown.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0))).join("  ");
  const whose = ({ kind, project }: Row): string => {
    if (kind !== "central" || project === null) return "";
    return `  ${ui.dim(`of ${shownPath(project, around)}${fs.existsSync(project) ? "" : ", which is gone"}`)}`;
  };
  const body = rows.map((row, index) => `${row.active ? "*" : " "} ${line(shown[index] ?? [])}${whose(row)}`);
  return [ui.dim(`  ${line(head)}`), ...body].join("\n");
}
