import type { RunOf } from "../../plugin-api/command.ts";
import { notLocked } from "../../plugin-api/lock/not-locked.ts";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { leaveNote } from "../../plugin-api/system/leave-note.ts";
import { readableSpecifier } from "../../plugin-api/text/readable-specifier.ts";
import { counted } from "../../plugin-api/text/units.ts";
import type { why as spec } from "./commands.ts";
import { type Graph, graphOf, namesIn } from "./graph.ts";
import { type Path, type Paths, pathsTo } from "./paths.ts";
import { subjectOf } from "./subject.ts";
import { askedBy, nameWith, versioned } from "./words.ts";

/** So many paths are looked for, and so many told: nobody reads more. */
const MOST_COUNTED = 100_000;
const MOST_TOLD = 1000;

interface Found extends Paths {
  readonly package: LockedPackage;
}

/** SPEC PRJ-70. */
const why: RunOf<typeof spec> = async (options, [typed = ""], session) => {
  const { lock, starts, choice, current, file } = await subjectOf({ ...options, names: [] }, session);
  const graph = graphOf(lock, starts, choice ? { choice } : {});
  const name = normalizeName(typed);
  const found = [...lock.packages.entries()].flatMap(([index, each]): readonly Found[] =>
    each.name === name ? [{ package: each, ...pathsTo(graph, index, MOST_COUNTED) }] : [],
  );
  const isProject = starts.some((start) => start.name === name);
  if (found.length === 0 && !isProject) throw notLocked(typed, namesIn(graph), "why");
  const text = (ui: TextStyle): string =>
    found.length === 0
      ? `${ui.name(name)} is the project itself`
      : found.flatMap((each) => linesOf(graph, each, ui)).join("\n");
  if (current) await leaveNote({ command: "why", text, isDrawn: true, files: current.decidedBy() }, session);
  return { exitCode: 0, text, data: { lockfile: file, name, packages: found.map((each) => dataOf(graph, each)) } };
};
export default why;

function linesOf(graph: Graph, { package: { name, version, marker }, paths, isMore }: Found, ui: TextStyle) {
  const count = `${isMore ? "more than " : ""}${counted(paths.length, "path")}`;
  const place = marker === "" ? "" : ui.dim(` if ${marker}`);
  const rest = paths.length - MOST_TOLD;
  return [
    `${ui.name(`${name} ${version}`)}${place}, ${paths.length === 0 ? "required by nothing that was chosen" : count}`,
    ...paths.slice(0, MOST_TOLD).map((path) => `  ${wayOf(graph, path, ui).join(` ${ui.arrow} `)}`),
    ...(rest > 0 ? [`  ${ui.ellipsis} ${counted(rest, "longer one", "longer ones")}`] : []),
  ];
}

/** `shop-api`, `fastapi 0.165.0`, `anyio>=4.1.0`: of the last what is asked for. */
function wayOf({ lock }: Graph, { start, links }: Path, ui: TextStyle): readonly string[] {
  return [
    start.name + askedBy(links[0]),
    ...links.map(({ to, extras, specifier, marker }, place) => {
      const { name, version } = lock.packages[to] as LockedPackage;
      if (place < links.length - 1)
        return versioned(nameWith(name, extras), version) + (marker === "" ? "" : ui.dim(` (if ${marker})`));
      return ui.name(`${nameWith(name, extras)}${readableSpecifier(specifier)}`) + (marker === "" ? "" : `; ${marker}`);
    }),
  ];
}

function dataOf({ lock }: Graph, { package: { version, marker }, paths, isMore }: Found) {
  const stepOf = ({ to, extras, specifier, marker }: Path["links"][number]) => {
    const { name, version } = lock.packages[to] as LockedPackage;
    return { name, version, specifier, extras, marker };
  };
  return {
    version,
    marker,
    path_count: isMore ? null : paths.length,
    paths: paths.slice(0, MOST_TOLD).map(({ start: { name, version }, links }) => {
      return [{ name, version, parts: links[0].parts }, ...links.map(stepOf)];
    }),
  };
}
