import { type ChosenRelease, pageStampsOf } from "../../plugin-api/page-stamps.ts";
import type { Session } from "../../plugin-api/session.ts";
import { type Hint, readHint, writeHint } from "./hint.ts";
import type { Place } from "./place.ts";
import { noteStanding, stands } from "./standing.ts";

/** The hint that lies in a place, when the pages it was made from are what the indexes have. */
export async function remembered(place: Place, session: Session): Promise<ReturnType<typeof readHint>> {
  const { key, file, witnesses } = place;
  const hint = readHint(file);
  let isFound = hint !== undefined && (await stands(place, hint, session));
  if (hint && !isFound) {
    isFound = await holds(hint, witnesses, session);
    if (isFound) await noteStanding(place, hint, session);
  }
  session.emit({ type: isFound ? "CacheHit" : "CacheMiss", cache: "hints", key });
  return isFound ? hint : undefined;
}

/** Whether all witnesses still say the same. One that fails is met again by the resolver, which can tell of it. */
async function holds({ stamps, consulted }: Hint, witnesses: readonly string[], session: Session): Promise<boolean> {
  const says = async (plugin: string): Promise<boolean> => {
    const { current } = await session.use(pageStampsOf(plugin));
    return (await current(consulted)) === stamps[plugin];
  };
  try {
    return (await Promise.all(witnesses.map(says))).every((isSame) => isSame);
  } catch {
    session.signal.throwIfAborted();
    return false;
  }
}

/** Tells of a resolution that was found whole as of one that was made. */
export function tell(
  hint: Hint,
  counts: { readonly requirements: number; readonly packages: number },
  session: Session,
) {
  session.emit({ type: "ResolveStart", requirements: counts.requirements });
  for (const diagnostic of hint.warnings) session.emit({ type: "Diagnostic", diagnostic });
  session.emit({ type: "ResolveComplete", packages: counts.packages, from_cache: true });
}

/** What was made just now, and the releases that were chosen in it. */
type Made = Omit<Hint, "stamps"> & { readonly chosen: readonly ChosenRelease[] };

/** Keeps an answer that was made just now, if all who were asked vouch for what they said. */
export async function remember(place: Place, { chosen, ...made }: Made, session: Session): Promise<void> {
  const stamps: Record<string, string> = {};
  const warnings = [...made.warnings];
  for (const plugin of place.witnesses) {
    const witness = await session.use(pageStampsOf(plugin));
    const stamp = await witness.used(made.consulted);
    if (stamp === undefined) return;
    stamps[plugin] = stamp;
    warnings.push(...(witness.notices?.(chosen) ?? []));
  }
  writeHint(place.file, { ...made, warnings, stamps });
}
