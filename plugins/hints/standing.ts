import { pageStampsOf } from "../../plugin-api/page-stamps.ts";
import { Clock } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";
import type { Hint } from "./hint.ts";
import type { Place } from "./place.ts";

const KIND = "PyBun standing 2";

/** That a hint was found to hold, and for how long nobody has to look again. */
interface Standing {
  /** Digest of the hint. */
  readonly hint: string;
  readonly untilS: number;
  /** When that was found: a clock that is before it was wrong then, or is now. */
  readonly sinceS: number;
  /** What each witness kept, by plugin. */
  readonly states: Readonly<Record<string, string>>;
}
type Found = Hint & { readonly digest: string };

const fileOf = ({ file }: Place): string => `${file}.stands`;

/** Whether a hint was found to hold when everything was as it is, and pages are as fresh as then. Looks at no page. */
export async function stands(place: Place, { digest }: Found, session: Session): Promise<boolean> {
  const found = readRemembered(fileOf(place), KIND);
  if (!found) return false;
  const { hint, untilS, sinceS, states } = JSON.parse(found.body.toString("utf8")) as Standing;
  const clock = await session.use(Clock);
  const nowS = clock.nowMs() / 1000;
  if (hint !== digest || nowS >= untilS || nowS < sinceS) return false;
  for (const plugin of place.witnesses) {
    const { standing } = await session.use(pageStampsOf(plugin));
    const state = standing?.()?.state;
    if (state === undefined || state !== states[plugin]) return false;
  }
  return true;
}

/** Notes that a hint was found to hold just now. */
export async function noteStanding(place: Place, { digest, consulted }: Found, session: Session): Promise<void> {
  const states: Record<string, string> = {};
  let untilS = Number.MAX_SAFE_INTEGER;
  for (const plugin of place.witnesses) {
    const { standing } = await session.use(pageStampsOf(plugin));
    const found = standing?.(consulted);
    if (found?.untilS === undefined) return;
    states[plugin] = found.state;
    untilS = Math.min(untilS, found.untilS);
  }
  const clock = await session.use(Clock);
  if (untilS * 1000 <= clock.nowMs()) return;
  const noted: Standing = { hint: digest, untilS, sinceS: Math.floor(clock.nowMs() / 1000), states };
  remember(fileOf(place), KIND, () => Buffer.from(JSON.stringify(noted)));
}
