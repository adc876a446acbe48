import type { Session } from "../../plugin-api/session.ts";
import type { Put } from "./put-all.ts";

export function warnOfLookAlikes(_puts: readonly Put[], _session: Session): void {}
