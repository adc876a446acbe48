import { warning } from "../../plugin-api/diagnostic.ts";
import type { VersionPage } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { editDistance } from "../../plugin-api/nearest.ts";
import { Clock } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { counted, formatAge } from "../../plugin-api/text/units.ts";

/** Shorter names are near to too many. */
const SHORTEST = 4;
/** A package of so many releases in so long a time is somebody's work, whatever its name. */
const ESTABLISHED = { releases: 20, ageMs: 3 * 365 * 86_400_000 };

/**
 * Warns of packages that come from an index under a name one letter off a well-known one (`W_LOOKALIKE`), with what there is to
 * judge by. Adds nothing to the way of those whose names are near to none.
 */
export async function warnOfLookAlikes(names: readonly string[], session: Session): Promise<void> {
  const long = names.filter((name) => name.length >= SHORTEST);
  if (long.length === 0) return;
  const { wellKnownNames } = await import("../../plugin-api/well-known-names.ts");
  for (const name of long) {
    const known = nearTo(name, wellKnownNames);
    if (known === undefined) continue;
    const pages = await session.run("fetch.versions", { name: name as PackageName });
    const facts = factsOf(pages, (await session.use(Clock)).nowMs());
    if (facts === undefined) continue;
    const words = `\`${name}\` is not the well-known \`${known}\`: ${facts.words}`;
    const diagnostic = warning("W_LOOKALIKE", words, {
      hints: [`if you meant that one: \`pybun remove ${name}\`, then \`pybun add ${known}\``],
      context: { name, known, releases: facts.releases, first_upload: facts.firstUpload ?? null },
    });
    session.emit({ type: "Diagnostic", diagnostic });
  }
}

function nearTo(name: string, known: readonly string[]): string | undefined {
  if (known.includes(name)) return undefined;
  const near = known.filter((each) => Math.abs(each.length - name.length) <= 1 && editDistance(name, each) === 1);
  return near.sort()[0];
}

interface Facts {
  readonly words: string;
  readonly releases: number;
  /** ISO 8601; absent where the index does not say. */
  readonly firstUpload?: string;
}

/** Undefined for what is established. */
function factsOf(pages: readonly VersionPage[], nowMs: number): Facts | undefined {
  const releases = Math.max(0, ...pages.map(({ count }) => count));
  const uploads = pages.flatMap((page) =>
    Array.from({ length: page.count }, (_, rank) => page.uploadedAt(page.rows(rank)[0])).filter((at) => at > 0),
  );
  const first = uploads.length === 0 ? undefined : Math.min(...uploads) * 1000;
  const ageMs = first === undefined ? undefined : nowMs - first;
  if (releases >= ESTABLISHED.releases && (ageMs ?? 0) >= ESTABLISHED.ageMs) return undefined;
  const said = ageMs === undefined ? "" : `, the first ${formatAge(ageMs)} ago`;
  return {
    words: `it has ${counted(releases, "release")}${said}`,
    releases,
    ...(first !== undefined && { firstUpload: new Date(first).toISOString() }),
  };
}
