import path from "node:path";
import { type Diagnostic, warning } from "../../plugin-api/diagnostic.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import { Clock, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { counted, formatDuration } from "../../plugin-api/text/units.ts";
import { environmentData, type ToolPlaces } from "./places.ts";
import type { ToolRecord } from "./record.ts";

/** What became of a tool. */
export interface ToolChange {
  readonly before: ToolRecord | undefined;
  /** Absent for one that was removed. */
  readonly after?: ToolRecord;
  /** Something in its environment was changed; always for one that is new or removed. */
  readonly isChanged: boolean;
}

const signOf = ({ before, after }: ToolChange): "+" | "~" | "-" => (!after ? "-" : before ? "~" : "+");

export const commandWords = (commands: readonly string[]): string =>
  commands.length === 0 ? "" : `${commands.length === 1 ? "command" : "commands"} ${commands.join(", ")}`;

function linesOf(changes: readonly ToolChange[], ui: TextStyle): readonly string[] {
  const shown = changes.filter(({ isChanged }) => isChanged);
  const nameOf = ({ before, after }: ToolChange): string => (after ?? before)?.name ?? "";
  const width = Math.max(0, ...shown.map((change) => nameOf(change).length));
  const paint = { "+": ui.add, "~": ui.chg, "-": ui.del } as const;
  return shown.map((change) => {
    const { before, after } = change;
    const sign = signOf(change);
    const versions = [before?.version, after?.version].filter((text) => text !== undefined);
    const words = [
      ` ${paint[sign](sign)} ${ui.name(nameOf(change))}${" ".repeat(width - nameOf(change).length)}`,
      [...new Set(versions)].join(` ${ui.arrow} `),
      ui.dim([commandWords((after ?? before)?.commands ?? []), ...broughtWords(change)].join(", now ")),
    ];
    return words.filter((word) => word !== "").join("  ");
  });
}

/** What an installed tool was given besides. */
function broughtWords({ before, after }: ToolChange): readonly string[] {
  const more = before && after ? after.with.filter((text) => !before.with.includes(text)) : [];
  return more.length === 0 ? [] : [`with ${more.join(", ")}`];
}

interface Told {
  readonly changes: readonly ToolChange[];
  /** `Installed`, and of a dry run `Would install`. */
  readonly verb: string;
  readonly isDryRun: boolean;
  readonly places: ToolPlaces;
}

/** The list of changes and the line below it (cli-text: S18). */
export async function reportOfTools({ changes, verb, isDryRun, places }: Told, session: Session): Promise<Report> {
  const [{ startedAtMs }, clock] = await Promise.all([session.use(Host), session.use(Clock)]);
  const took = formatDuration(Math.max(0, clock.nowMs() - startedAtMs));
  const changed = changes.filter(({ isChanged }) => isChanged);
  return {
    exitCode: 0,
    data: {
      tools: changes.map((change) => dataOf(change, places)),
      bin: places.bin,
      up_to_date: changed.length === 0,
      dry_run: isDryRun,
    },
    text: (ui) => {
      if (changed.length === 0)
        return `${ui.ok("Up to date")}: ${counted(changes.length, "tool")} ${ui.dim(`in ${took}`)}`;
      const behind = isDryRun ? "" : ` ${ui.dim(`in ${took}, ${places.show(places.bin)}`)}`;
      return [...linesOf(changes, ui), `${ui.ok(verb)} ${counted(changed.length, "tool")}${behind}`].join("\n");
    },
  };
}

function dataOf(change: ToolChange, places: ToolPlaces): Readonly<Record<string, unknown>> {
  const { before, after, isChanged } = change;
  const tool = after ?? before;
  return {
    name: tool?.name,
    from: before?.version ?? null,
    to: after?.version ?? null,
    up_to_date: !isChanged,
    commands: tool?.commands ?? [],
    env: tool && environmentData(places, tool),
    packages: (after?.pins ?? []).map(({ name, version }) => ({ name, version })),
  };
}

/** `W_TOOL_PATH` where the shell does not look for commands in that folder. */
export async function warnOfPath(places: ToolPlaces, session: Session): Promise<void> {
  const { env } = await session.use(Host);
  if (isOnPath(places.bin, env["PATH"])) return;
  session.emit({ type: "Diagnostic", diagnostic: notOnPath(places) });
}

export const isOnPath = (bin: string, searchPath: string | undefined): boolean =>
  (searchPath ?? "").split(path.delimiter).some((folder) => folder !== "" && path.resolve(folder) === bin);

const notOnPath = ({ bin, show }: ToolPlaces): Diagnostic =>
  warning("W_TOOL_PATH", `${show(bin)} is not on PATH, so the shell does not find the commands in it`, {
    hints: ["add it for new shells: `pybun tool update-shell`"],
    context: { bin },
  });
