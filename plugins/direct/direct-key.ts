import { serviceKey } from "../../plugin-api/service.ts";
import type { Inspected, Inspection } from "./inspect.ts";
import type { KeptMetadata } from "./kept-metadata.ts";

/** What was looked at in this run, and in those before. Of use to this plugin only. */
export interface DirectState extends Disposable {
  readonly wheels: KeptMetadata;
  /** Throws what `inspect` throws. */
  inspect(inspection: Inspection): Promise<Inspected>;
}
export const DirectState = serviceKey<DirectState>("direct");
