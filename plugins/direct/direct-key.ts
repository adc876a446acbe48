import { serviceKey } from "../../plugin-api/service.ts";
import type { Inspected, Inspection } from "./inspect.ts";

/** References that were looked at in this run. Of use to this plugin only. */
export interface DirectState {
  /** Throws what `inspect` throws. */
  inspect(inspection: Inspection): Promise<Inspected>;
}
export const DirectState = serviceKey<DirectState>("direct");
