import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { choose } from "./choose.ts";
import type { list as spec } from "./commands.ts";
import { aroundOf } from "./interpreters.ts";
import { newestOfMinors, offeredData, offeredRow, offeredTo } from "./offered.ts";
import { rowOf, shownPath, shownVersion } from "./row.ts";
import { type Survey, survey } from "./survey.ts";

const list: RunOf<typeof spec> = async (options, _operands, session) => {
  const around = await aroundOf(session);
  const offered = options.available || options.all ? await offeredTo(around) : [];
  const onlyOffered = options.available && !options.all && !options.installed;
  const { interpreters, unusable } = onlyOffered ? NOTHING : await survey(around.place);
  // What is asked for here may be missing; the list then says what there is instead.
  const used = await choose({}, around).catch(() => undefined);
  const isUsed = (path: string): boolean => path === used?.interpreter.basePath;
  const shown = (file: string): string => shownPath(file, session.cwd, around.place.home);
  const rows: Row[] = interpreters.map((interpreter) => ({
    isUsed: isUsed(interpreter.path),
    version: shownVersion(interpreter),
    source: interpreter.source,
    path: shown(interpreter.path),
  }));
  const refused = options.all ? unusable : [];
  for (const { path, reason } of refused)
    rows.push({ isUsed: false, version: "-", source: "unusable", path: shown(path), note: reason });
  // Of what is not here, the newest of each minor version is enough beside what is.
  for (const python of onlyOffered ? offered : newestOfMinors(offered))
    if (onlyOffered || python.executable === undefined) rows.push(offeredRow(python, shown));
  return {
    exitCode: 0,
    data: {
      interpreters: interpreters.map((interpreter) => rowOf(interpreter, isUsed(interpreter.path))),
      ...(options.available || options.all ? { available: offered.map(offeredData) } : {}),
      ...(options.all ? { unusable } : {}),
    },
    text: (ui) => (rows.length === 0 ? "" : table(rows, ui)),
  };
};
export default list;

const NOTHING: Survey = { interpreters: [], unusable: [] };

export interface Row {
  readonly isUsed: boolean;
  readonly version: string;
  readonly source: string;
  readonly path: string;
  readonly note?: string;
}

function table(rows: readonly Row[], ui: TextStyle): string {
  const wide = (head: string, cell: (row: Row) => string): number =>
    Math.max(head.length, ...rows.map((row) => cell(row).length));
  const [version, source] = [wide("version", (row) => row.version), wide("source", (row) => row.source)];
  const head = ui.dim(`  ${"version".padEnd(version)}  ${"source".padEnd(source)}  path`);
  const line = (row: Row): string => {
    const cell = row.version.padEnd(version);
    const note = row.note === undefined ? "" : `  ${ui.dim(row.note)}`;
    return `${row.isUsed ? "*" : " "} ${row.isUsed ? ui.name(cell) : cell}  ${row.source.padEnd(source)}  ${row.path}${row.path === "" ? note.trimStart() : note}`;
  };
  return [head, ...rows.map(line)].join("\n");
}
