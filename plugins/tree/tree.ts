import path from "node:path";
import type { RunOf } from "../../plugin-api/command.ts";
import { notLocked } from "../../plugin-api/lock/not-locked.ts";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import { lookUp } from "../../plugin-api/newest-release.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { versionKey } from "../../plugin-api/python/version-key.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { leaveNote } from "../../plugin-api/system/leave-note.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { tree as spec } from "./commands.ts";
import { dataOf } from "./data.ts";
import { type Drawing, draw } from "./draw.ts";
import { type Graph, graphOf, namesIn } from "./graph.ts";
import { dependentsOf, type Node, reachedFrom, requirementsOf, rowsOf } from "./rows.ts";
import { formatSizes, sizing } from "./sizes.ts";
import { subjectOf } from "./subject.ts";
import { placeOf } from "./target.ts";

type Options = Parameters<RunOf<typeof spec>>[0];

/** SPEC PRJ-70. */
const tree: RunOf<typeof spec> = async (options, operands, session) => {
  checkOptions(options);
  const names = [...operands, ...options.package];
  const subject = await subjectOf({ ...options, names }, session);
  const { lock, starts, choice, current, file } = subject;
  const { target, decidedBy } = await placeOf({ ...options, requiresPython: lock.requiresPython }, session);
  const graph = graphOf(lock, starts, { ...(choice && { choice }), ...(target && { markers: target.markers }) });
  const all = reachedFrom(graph);
  const roots = rootsOf(graph, { names, isInverted: options.invert, all });
  const sizeOf = options.showSizes ? sizing(target) : () => undefined;
  const newer = options.outdated ? await newerReleases(graph, all, session) : new Map<number, string>();
  const { home } = await session.use(Host);
  const drawing: Drawing = {
    graph,
    isInverted: options.invert,
    notes: (index) => {
      const size = sizeOf(packageAt(graph, index));
      const latest = newer.get(index);
      return [
        ...(size ? [formatSizes(size)] : []),
        ...(latest === undefined ? [] : [`latest ${latest}`]),
        ...(all.has(index) ? [] : ["not needed here"]),
      ];
    },
    place: { cwd: path.dirname(subject.file), home },
  };
  const branches = (options.invert ? dependentsOf : requirementsOf)(graph);
  const rows = [
    ...rowsOf({ roots, branches, depth: options.depth ?? Number.POSITIVE_INFINITY, isOnce: !options.noDedupe }),
  ];
  const text: Drawn = (ui) => draw(rows, drawing, ui).join("\n");
  // What an index has is not known from files.
  const isSilent = current !== undefined && decidedBy !== undefined && !options.outdated;
  if (isSilent)
    await leaveNote({ command: "tree", text, isDrawn: true, files: [...current.decidedBy(), ...decidedBy] }, session);
  return {
    exitCode: 0,
    text,
    data: {
      lockfile: file,
      ...dataOf(graph, options.invert ? all : reachedFrom(graph, roots), (index) => {
        const size = sizeOf(packageAt(graph, index));
        const latest = newer.get(index);
        return { ...(size && { size_bytes: size[1] }), ...(latest !== undefined && { latest }) };
      }),
    },
  };
};
export default tree;

/** The newest release of each package that is not locked at it. */
async function newerReleases(graph: Graph, all: ReadonlyMap<number, unknown>, session: Session) {
  const lookedUp = await lookUp(session);
  const found = await Promise.all(
    [...all.keys()].map(async (index): Promise<readonly (readonly [number, string])[]> => {
      const each = packageAt(graph, index);
      const newest = (await lookedUp(each))?.newest;
      const isNewer = newest !== undefined && (versionKey(newest) ?? "") > (versionKey(each.version) ?? "");
      return isNewer ? [[index, newest]] : [];
    }),
  );
  return new Map(found.flat());
}

type Drawn = NonNullable<Awaited<ReturnType<RunOf<typeof spec>>>["text"]>;

const packageAt = ({ lock }: Graph, index: number): LockedPackage => lock.packages[index] as LockedPackage;

function checkOptions({ depth }: Options): void {
  if (depth !== undefined && (!Number.isInteger(depth) || depth < 0))
    throw usageError("tree", `\`--depth\` takes a number of levels, not \`${depth}\``);
}

interface Wish {
  readonly names: readonly string[];
  readonly isInverted: boolean;
  readonly all: ReadonlyMap<number, unknown>;
}

/** What was named; else the projects, or, the other way round, whatever requires nothing. */
function rootsOf(graph: Graph, { names, isInverted, all }: Wish): readonly Node[] {
  if (names.length > 0) return names.flatMap((name) => named(graph, name, { isInverted, all }));
  if (!isInverted) return graph.starts.map((start) => ({ kind: "start", start }));
  const leaves = [...all.keys()].filter((index) => graph.links(index).length === 0);
  return leaves.sort((a, b) => a - b).map((index) => ({ kind: "package", index, extras: [] }));
}

function named(graph: Graph, typed: string, { isInverted, all }: Omit<Wish, "names">): readonly Node[] {
  const name = normalizeName(typed);
  const start = graph.starts.find((each) => each.name === name);
  if (start && !isInverted) return [{ kind: "start", start }];
  const found = [...graph.lock.packages.keys()].filter((index) => packageAt(graph, index).name === name);
  if (found.length === 0) throw notLocked(typed, namesIn(graph), "tree");
  const here = found.filter((index) => all.has(index));
  return (here.length > 0 ? here : found).map((index) => ({ kind: "package", index, extras: [] }));
}
