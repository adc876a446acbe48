import type { RunOf } from "../../plugin-api/command.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import type { list as spec } from "./commands.ts";
import { hasTakenCommand } from "./launchers.ts";
import { environmentData, toolPlaces } from "./places.ts";
import { recordsOf, type ToolRecord } from "./record.ts";
import { damageOf } from "./state.ts";

interface Row {
  readonly name: string;
  readonly version: string;
  readonly python: string;
  readonly commands: readonly string[];
  readonly damage: string | undefined;
}

const list: RunOf<typeof spec> = async (_options, _operands, session) => {
  const places = await toolPlaces(session);
  const records = recordsOf(places, []);
  const rows: Row[] = [];
  /** What makes each whole. */
  const mends: (readonly string[])[] = [];
  for (const record of records) {
    const { name, version, interpreter, commands } = record;
    const damage = await damageOf(record, places, session);
    const act = hasTakenCommand(record, places) ? ["install", name, "--force"] : ["upgrade", name];
    mends.push(["pybun", "tool", ...act]);
    rows.push({ name, version, python: interpreter.version, commands, damage });
  }
  return {
    exitCode: 0,
    data: {
      tools: rows.map(({ damage, ...row }, at) => ({
        ...row,
        with: withoutLogins(records[at]?.with ?? []),
        env: environmentData(places, records[at] as ToolRecord),
        packages: records[at]?.pins.map(({ name, version }) => ({ name, version })),
        damage: damage ?? null,
      })),
      bin: places.bin,
    },
    ...(rows.length > 0 && { text: (ui) => table(rows, mends, ui) }),
    nextActions: rows.flatMap(({ damage }, at) =>
      damage === undefined ? [] : [{ command: mends[at] ?? [], why: damage }],
    ),
  };
};
export default list;

const withoutLogins = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => text.replace(/(\w:\/\/)[^/@\s]*@/, "$1"));

function table(rows: readonly Row[], mends: readonly (readonly string[])[], ui: TextStyle): string {
  const head = ["tool", "version", "python", "commands"];
  const cells = rows.map(({ name, version, python, commands }) => [name, version, python, commands.join(", ")]);
  const widths = head.map((title, column) =>
    column === head.length - 1 ? 0 : Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = cells.flatMap((row, at) => {
    const { damage } = rows[at] as Row;
    return damage === undefined
      ? [line(row)]
      : [line(row), `  ${ui.warn("damaged")}: ${damage}; mend it: ${ui.cmd(`\`${mends[at]?.join(" ")}\``)}`];
  });
  return [ui.dim(line(head)), ...lines].join("\n");
}
