import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import type { Demand } from "../../plugin-api/model/requirement.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { Session } from "../../plugin-api/session.ts";
import { bothMarkers } from "./question.ts";

interface Build {
  readonly interpreter?: Interpreter;
}

/** Members of a workspace: what they require is asked for by the workspace itself. */
const isMember = (url: string): boolean => url.endsWith("#member");

/**
 * Where what the user takes from a URL takes packages from by URL itself, and so on, as constraints: a release on an index may
 * not lead away from there, but a folder or repository that somebody chose may name others. `applies`: whether what a marker
 * belongs to counts at all; nobody looks at a place that is for elsewhere. Throws what the stages throw.
 */
export async function urlsBehind(
  demands: readonly Demand[],
  { applies, ...build }: { readonly applies: (marker: string) => boolean } & Build,
  session: Session,
): Promise<readonly Demand[]> {
  const found: Demand[] = [];
  const seen = new Set<string>();
  const isNew = ({ requirement: { name, url, extras, marker } }: Demand): boolean => {
    const key = JSON.stringify([name, url, extras, marker]);
    if (url === undefined || isMember(url) || seen.has(key)) return false;
    seen.add(key);
    return marker === "" || applies(marker);
  };
  let open = demands.filter(isNew);
  while (open.length > 0) {
    const next = (await Promise.all(open.map((demand) => namedBy(demand, build, session)))).flat();
    open = next.filter(isNew);
    found.push(...open);
  }
  return found;
}

async function namedBy({ requirement }: Demand, build: Build, session: Session): Promise<readonly Demand[]> {
  const { name } = requirement;
  const [page] = await session.run("fetch.versions", { name, requirement, ...build });
  if (page?.source === undefined || page.count === 0) return [];
  const [version, file] = [page.version(0), page.file(0)];
  const query = { name: page.name, version, file, source: page.source, ...build };
  const { dependencies } = await session.run("fetch.metadata", query);
  return ["" as const, ...requirement.extras]
    .flatMap((extra) => dependencies.requirements(extra))
    .filter(({ url }) => url !== undefined)
    .map((each) => ({
      requirement: { ...each, marker: bothMarkers(requirement.marker, each.marker) },
      text: formatRequirement(each),
      origin: `${page.name} ${version}`,
    }));
}
