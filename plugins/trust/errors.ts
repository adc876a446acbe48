import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_STARTUP_HOOK: {
    exitCode: 6,
    summary: "a package brings code that would run at every start of Python, and nobody agreed to it",
    cause:
      "its wheel has a `.pth` file with a line that is executed, a `.start` file, a `sitecustomize`, or a module named like one of the standard library",
    example: "a wheel with `evil.pth`, whose line is `import os; os.system('…')`, and no terminal to ask on",
    repair:
      "read the line that is shown; leave the package out, or agree to exactly this content with `pybun trust allow-hook NAME`",
  },
  E_HOOK_UNKNOWN: {
    exitCode: 3,
    summary: "there is no start-up hook of that package to agree to, or none that was agreed to",
    cause: "no command has refused one of it here, or its name is misspelt",
    example: "`pybun trust allow-hook flask`",
    repair:
      "run the command that installs it first, or name the content beforehand with `--sha256`; `pybun trust list` shows what was agreed to",
  },
  W_STARTUP_HOOK: {
    summary: "a new version of a package brings code that runs at every start of Python, which the one before did not",
    cause: "`security.startup-hooks` is `allow`, so it was let in",
    example: "an upgrade to a release that has a new `.pth` file",
    repair: "read the line that is shown, and go back to the version before if it is not what you expect",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
