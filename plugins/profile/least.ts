import { usageError } from "../../plugin-api/usage.ts";

/** What is left out: below so many milliseconds, or so large a part of all imports. */
export interface Least {
  readonly ms: number;
  readonly part: number;
}

/** Throws `E_USAGE`. */
export function leastOf(text: string): Least {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(%|ms)?$/.exec(text) ?? [];
  if (number === "")
    throw usageError("profile", `\`--least\` takes milliseconds or a part of all, such as 5 or 2%, not \`${text}\``);
  return unit === "%" ? { ms: 0, part: Number(number) / 100 } : { ms: Number(number), part: 0 };
}
