import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_STORE_DAMAGED: {
    exitCode: 6,
    summary: "an entry of the store is not whole",
    cause: "files of the data directory were removed or changed by something other than PyBun, or the disk failed",
    example: "an entry below `packages/` without the files of its `.dist-info` folder",
    repair: "remove the entry's folder and repeat the command: the wheel is then fetched and unpacked again",
  },
  E_STORE_COMPILE: {
    exitCode: 9,
    summary: "Python could not write bytecode into the store",
    cause: "the interpreter ended with an error, mostly because the disk is full",
    example: "`pybun sync --compile-bytecode` with a full disk",
    repair: "free space, or go on without: Python compiles modules itself when they are imported",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
