import type { DistributionFile } from "../model/distribution.ts";

/** What an index says about one project. */
export interface SimplePage {
  readonly files: readonly DistributionFile[];
  /** PEP 792: `active`, `archived`, `deprecated`, `quarantined`. */
  readonly status: string;
  readonly statusReason?: string;
}

/** A body that is no page of an index. The message completes "the index answered with …". */
export class NotAnIndexPage extends Error {
  override readonly name = "NotAnIndexPage";
}
