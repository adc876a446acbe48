import { nearest } from "../../plugin-api/nearest.ts";
import { Indexes } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";
import type { EditTarget } from "./target.ts";

/** The index that packages are pinned to, and the file's text once it says where that is. */
export interface ChosenIndex {
  readonly name: string;
  readonly text: string;
}

/** Throws `E_USAGE` for a name that no index has, `E_INDEX_INVALID`. */
export async function chooseIndex(
  asked: string | undefined,
  { source }: EditTarget,
  session: Session,
): Promise<ChosenIndex | undefined> {
  if (asked === undefined) return undefined;
  const known = (await session.use(Indexes)).list().map(({ name }) => name);
  if (known.includes(asked)) return { name: asked, text: source.text };
  const near = nearest(asked, known);
  throw usageError("add", `no index is called \`${asked}\``, {
    index: asked,
    known,
    ...(near !== undefined && { near }),
  });
}
