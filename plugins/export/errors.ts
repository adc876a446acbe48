import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  W_EXPORT_UNHASHED: {
    summary: "some requirements of an export have no hash, and others have",
    cause: "folders and repositories have no hash that pip knows; with one hash in a file it wants one for everything",
    example: "`pybun export` in a project that is a package: its own line is `-e .`",
    repair: "leave the project out (`--no-emit-project`), or all hashes (`--no-hashes`)",
  },
} satisfies Record<string, CodeSpec>;
