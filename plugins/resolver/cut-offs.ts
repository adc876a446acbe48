import { parseCutOff } from "../../plugin-api/cut-off.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { ResolutionPolicy } from "../../plugin-api/model/resolution.ts";
import type { Values } from "../../plugin-api/option.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Clock, SettingsTable } from "../../plugin-api/services.ts";
import { type Session, settingsOf } from "../../plugin-api/session.ts";
import { settings as specs } from "./settings.ts";

/** Cut-offs for all packages and for single ones. */
export type CutOffs = Pick<ResolutionPolicy, "excludeNewerMs" | "excludeNewerPackages">;

/** Ages count from the last full hour: equal requests of one hour are then equal, and what was kept of them is of use. */
const AGE_STEP_MS = 3_600_000;
const TIMES = "takes a date, a time or an age such as `7 days`";

/** What `exclude-newer`, its exemptions and `security.min-release-age` leave out (SPEC RES-15). Throws `E_CONFIG_INVALID`. */
export async function cutOffsOf(session: Session): Promise<CutOffs> {
  const { excludeNewer, excludeNewerPackage, minReleaseAge }: Values<typeof specs> = settingsOf(session, specs);
  if (excludeNewer === undefined && excludeNewerPackage === undefined && minReleaseAge === undefined) return {};
  const nowMs = (await session.use(Clock)).nowMs();
  const general: number[] = [];
  if (excludeNewer !== undefined) {
    const time = parseCutOff(excludeNewer, nowMs);
    if (time === undefined) throw await invalid("exclude-newer", `${TIMES}, not \`${excludeNewer}\``, session);
    general.push(time);
  }
  if (minReleaseAge !== undefined) {
    const time = parseCutOff(minReleaseAge, nowMs - (nowMs % AGE_STEP_MS));
    if (time === undefined || /^\d{4}-/.test(minReleaseAge.trim()))
      throw await invalid(
        "security.min-release-age",
        `takes an age such as \`7 days\`, not \`${minReleaseAge}\``,
        session,
      );
    general.push(time);
  }
  const ofPackages = await packageCutOffs(excludeNewerPackage, nowMs, session);
  return {
    ...(general.length > 0 && { excludeNewerMs: Math.min(...general) }),
    ...(ofPackages && { excludeNewerPackages: ofPackages }),
  };
}

async function packageCutOffs(
  table: unknown,
  nowMs: number,
  session: Session,
): Promise<CutOffs["excludeNewerPackages"] | undefined> {
  if (table === undefined || Object.keys(table as object).length === 0) return undefined;
  const cutOffs: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(table as Readonly<Record<string, unknown>>)) {
    const time = typeof value === "string" ? parseCutOff(value, nowMs) : undefined;
    if (time === undefined && value !== false)
      throw await invalid("exclude-newer-package", `for \`${name}\` ${TIMES}, or \`false\``, session);
    cutOffs[normalizeName(name)] = time ?? null;
  }
  return cutOffs;
}

/** `E_CONFIG_INVALID` for a setting, with the place it was set. */
export async function invalid(key: string, fault: string, session: Session): Promise<PybunError> {
  const { name, line } = await originOf(key, session);
  return new PybunError("E_CONFIG_INVALID", `\`${key}\` ${fault}`, {
    evidence: [`set by  ${line === undefined ? name : `${name}:${line}`}`],
    context: { key },
  });
}

/** Where a setting was set. */
export async function originOf(
  key: string,
  session: Session,
): Promise<{ readonly name: string; readonly line?: number | undefined }> {
  return (await session.use(SettingsTable)).get(key)?.origin ?? { name: key };
}
