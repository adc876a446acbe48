import type { ProjectEdited } from "../../plugin-api/project/change.ts";
import type { Project } from "../../plugin-api/project/read-project.ts";
import type { Report, TextStyle } from "../../plugin-api/report.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { Change } from "../../plugin-api/text/change-list.ts";
import { counted } from "../../plugin-api/text/units.ts";
import { effectsOf, type Row, rowLines, rowOf, timeTaken } from "./effects.ts";
import { heldWords, holderWords } from "./holders.ts";
import type { Raised } from "./raise.ts";
import { isAbove, type Standing } from "./survey.ts";

/** What `upgrade` has to tell. */
export interface Upgraded {
  readonly edited: ProjectEdited;
  readonly raised: readonly Raised[];
  /** What is not at its newest release now. */
  readonly held: readonly Standing[];
  /** What was to be upgraded; undefined for everything. */
  readonly names: ReadonlySet<string> | undefined;
  readonly project: Project;
  readonly isDryRun: boolean;
}

/** Packages with their versions before and after, what is held back, and the line below (cli-text: S13). */
export async function upgradeReport(upgraded: Upgraded, session: Session): Promise<Report> {
  const { edited, raised, names, project, isDryRun } = upgraded;
  const changes = edited.current?.changes ?? [];
  const isBehind = ({ latest, current }: Standing): boolean => isAbove(latest, current.at(-1));
  const held = upgraded.held.filter(isBehind);
  const foreign = new Set(
    edited.current?.lock.packages.flatMap(({ name, source }) => (source.kind === "index" ? [name] : [])),
  );
  const looked = [...foreign].filter((name) => names?.has(name) ?? true).length;
  const atLatest = looked - held.length;
  const took = await timeTaken(session);
  return {
    exitCode: 0,
    data: {
      file: project.file,
      upgraded: changes.filter(({ sign }) => sign === "~").map(({ name, from, to }) => ({ name, from, to })),
      raised,
      held: held.map(({ name, current, latest, heldBy }) => ({
        name,
        version: current.at(-1),
        latest,
        held_by: heldBy.map(holderWords),
      })),
      at_latest: atLatest,
      ...effectsOf(edited).data,
      dry_run: isDryRun,
    },
    text: (ui) => {
      const rows = [...ownRows(changes, { raised, held }), ...heldRows({ held, changes }, ui)];
      const own = new Set(rows.map(({ name }) => name));
      const others = changes.filter(({ name }) => !own.has(name));
      const counts = [`${atLatest} at latest`, ...(held.length > 0 ? [`${held.length} held back`] : [])].join(", ");
      const time = isDryRun ? "" : `in ${took} `;
      const line = summary({ changes, raised, isDryRun, looked }, ui);
      return [...rowLines(rows, others, ui), looked === 0 ? line : `${line} ${ui.dim(`${time}(${counts})`)}`].join(
        "\n",
      );
    },
  };
}

interface Notes {
  readonly raised: readonly Raised[];
  readonly held: readonly Standing[];
}

/** What the project asks for itself, with its requirement where that was raised, and what still holds it. */
function ownRows(changes: readonly Change[], { raised, held }: Notes): readonly Row[] {
  const own = changes.filter(({ isDirect }) => isDirect).map(rowOf);
  return own.map((row) => {
    const words = raised.filter(({ name }) => name === row.name).map(({ to }) => to);
    const standing = held.find(({ name }) => name === row.name);
    const notes = [...new Set(words), ...(standing ? heldNote(standing) : [])];
    return notes.length === 0 ? row : { ...row, note: notes.join(", ") };
  });
}

const heldNote = ({ latest, heldBy: [holder] }: Standing): readonly string[] =>
  holder === undefined ? [] : [`${latest} ${heldWords(holder)}`];

/** What stays as it was, though there is a newer one. */
function heldRows(
  { held, changes }: Pick<Notes, "held"> & { readonly changes: readonly Change[] },
  ui: TextStyle,
): readonly Row[] {
  const rest = held.filter(({ name }) => !changes.some((change) => change.name === name));
  return rest
    .filter(({ isDirect }) => isDirect || ui.verbosity > 0)
    .map((standing) => ({
      sign: "=",
      name: standing.name,
      isDirect: standing.isDirect,
      versions: [standing.current.join(", ")],
      note: heldNote(standing).join(""),
    }));
}

interface Told {
  readonly changes: readonly Change[];
  readonly raised: readonly Raised[];
  readonly isDryRun: boolean;
  /** Packages that were looked at. */
  readonly looked: number;
}

function summary({ changes, raised, isDryRun, looked }: Told, ui: TextStyle): string {
  if (looked === 0) return "Nothing to upgrade";
  if (changes.length === 0 && raised.length === 0) return `${ui.ok("Up to date")}: ${counted(looked, "package")}`;
  const of = (sign: Change["sign"]): number => changes.filter((change) => change.sign === sign).length;
  const [added, removed] = [of("+"), of("-")];
  const more = [
    ...(added > 0 ? [`${isDryRun ? "add" : "added"} ${added}`] : []),
    ...(removed > 0 ? [`${isDryRun ? "remove" : "removed"} ${removed}`] : []),
    ...(raised.length > 0 ? [`${isDryRun ? "raise" : "raised"} ${counted(raised.length, "constraint")}`] : []),
  ];
  const verb = ui.ok(isDryRun ? "Would upgrade" : "Upgraded");
  return `${verb} ${[counted(of("~"), "package"), ...more].join(", ")}`;
}
