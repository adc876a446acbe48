import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_CACHE_UNKNOWN: {
    exitCode: 2,
    summary: "neither a cache nor a package that is kept has this name",
    cause: "the name is misspelt, or nothing of the package is in the store",
    example: "`pybun cache clean indx`",
    repair: "`pybun cache info` lists the caches",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
