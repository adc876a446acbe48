import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_STORE_DAMAGED: {
    exitCode: 6,
    summary: "an entry of the store is not whole",
    cause: "files of the data directory were removed or changed by something other than PyBun, or the disk failed",
    example: "an entry below `packages/` without its layout file",
    repair: "remove the entry's folder and repeat the command: the wheel is then fetched and unpacked again",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
