import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import type { PageName } from "../../plugin-api/model/requirement.ts";
import { readRemembered, remember } from "../../plugin-api/system/remembered-file.ts";

/** An answer, what was told of it, and what it was made from. */
export interface Hint {
  readonly answer: unknown;
  /** What the answer has most of, apart from it. */
  readonly lists?: readonly object[];
  readonly warnings: readonly Diagnostic[];
  /** The pages that mattered. */
  readonly consulted: readonly PageName[];
  /** What each index plugin said of them, by plugin. */
  readonly stamps: Readonly<Record<string, string>>;
}

const KIND = "PyBun hint 4";

/** The hint in a file, with its digest; undefined when there is none, or it is not as it was written. */
export function readHint(file: string): (Hint & { readonly digest: string }) | undefined {
  const found = readRemembered(file, KIND);
  if (!found) return undefined;
  const [hint = "", ...lines] = found.body.toString("utf8").split("\n");
  const lists = lines.map((line) => JSON.parse(line) as object);
  return { ...(JSON.parse(hint) as Hint), lists, digest: found.digest };
}

/** Each list is a line of its own behind the rest. */
export const writeHint = (file: string, { lists = [], ...hint }: Hint): void =>
  remember(file, KIND, () => Buffer.from([JSON.stringify(hint), ...lists.map(textOf)].join("\n")));

/** Of lists that answers of one process have in common. */
const texts = new WeakMap<object, string>();

function textOf(list: object): string {
  let text = texts.get(list);
  if (text === undefined) texts.set(list, (text = JSON.stringify(list)));
  return text;
}
