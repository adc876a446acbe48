import type { LazyPolicy } from "./policy.ts";

declare module "../../plugin-api/stages.ts" {
  interface Invocation {
    /** Which imports wait in this run, whatever the settings say. */
    readonly lazyImports?: { readonly policy: LazyPolicy; readonly isRecorded: boolean };
  }
}
