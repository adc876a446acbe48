import type { Demand, PackageName } from "../../plugin-api/model/requirement.ts";
import type { Pyproject } from "../../plugin-api/project/pyproject.ts";
import { type Project, sourcesOf } from "../../plugin-api/project/read-project.ts";

/** One member requires another. */
export interface MemberEdge {
  readonly from: PackageName;
  readonly to: PackageName;
  readonly kind: "dependency" | "extra" | "group";
  /** Name of the extra or group. */
  readonly part: string | undefined;
  readonly requirement: string;
  /** Such as `libs/api/pyproject.toml:7`. */
  readonly origin: string;
}

/** Which members require which, in the order of the files. Pure. */
export function edgesOf(project: Project, all: readonly Pyproject[]): readonly MemberEdge[] {
  const names = new Set(all.map(({ name }) => name));
  return all.flatMap((member) => {
    const { name: from } = member;
    if (from === undefined) return [];
    const sources = sourcesOf(project, member);
    const isElsewhere = (name: PackageName): boolean => {
      const declared = sources.get(name) ?? [];
      return declared.length > 0 && declared.every(({ kind }) => kind !== "workspace");
    };
    const among = (demands: readonly Demand[], kind: MemberEdge["kind"], part?: string): readonly MemberEdge[] =>
      demands
        .filter(
          ({ requirement: { name, url } }) =>
            names.has(name) && name !== from && url === undefined && !isElsewhere(name),
        )
        .map(({ requirement, text, origin }) => ({
          from,
          to: requirement.name,
          kind,
          part,
          requirement: text,
          origin,
        }));
    return [
      ...among(member.dependencies, "dependency"),
      ...[...member.optional].flatMap(([extra, demands]) => among(demands, "extra", extra)),
      ...[...member.groups].flatMap(([group, demands]) => among(demands, "group", group)),
    ];
  });
}

/** Members, each behind those its dependencies proper lead to; and the circles among them, each once. Pure. */
export function orderOf(names: readonly PackageName[], edges: readonly MemberEdge[]) {
  const order: PackageName[] = [];
  const cycles: (readonly PackageName[])[] = [];
  const visit = (name: PackageName, above: readonly PackageName[]): void => {
    if (above.includes(name)) {
      cycles.push(above.slice(above.indexOf(name)));
      return;
    }
    if (order.includes(name)) return;
    for (const { from, to, kind } of edges) if (from === name && kind === "dependency") visit(to, [...above, name]);
    if (!order.includes(name)) order.push(name);
  };
  for (const name of names) visit(name, []);
  return { order, cycles };
}
