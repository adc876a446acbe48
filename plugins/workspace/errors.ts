import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_WORKSPACE_MEMBER: {
    exitCode: 3,
    summary: "a folder can't become a member of the workspace, or stop being one",
    cause: "it has no project in it, lies elsewhere, or other members take it from the workspace",
    example: "`pybun workspace add libs/notes` where that folder has no pyproject.toml",
    repair: "do what the message says is missing first",
  },
} satisfies Record<string, CodeSpec>;
