import { serviceKey } from "../../plugin-api/service.ts";
import type { Inspected, Inspection } from "./inspect.ts";
import type { GitReference } from "./reference.ts";

/** Repositories that this run has to do with. Of use to this plugin only. */
export interface GitState {
  /** The commit a reference means. Throws what `resolveReference` throws. */
  commitOf(reference: GitReference): Promise<string>;
  /** Says what references mean in this run: a commit, wherever they stand by now, or without one what the remote side says now. */
  settle(reference: Pick<GitReference, "url" | "reference">, commit: string | undefined): void;
  /** Folder with the files of a commit, submodules included; nobody may change it. Throws what `checkOut` throws. */
  checkout(reference: GitReference, commit: string): Promise<string>;
  /** What a resolution needs of a reference, looked at once. Throws what `inspect` throws. */
  inspect(inspection: Inspection): Promise<Inspected>;
}
export const GitState = serviceKey<GitState>("git");
