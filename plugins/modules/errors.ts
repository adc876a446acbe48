import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_MODULE_FACTS: {
    exitCode: 2,
    summary: "a Python did not say how it looks for modules",
    cause:
      "it was started once to tell its built-in modules and the endings of its extension modules, and gave no answer",
    example: "an interpreter whose standard library is damaged",
    repair: "look whether it starts: `pybun run -c 'print(1)'`",
  },
  I_MODULE_STARTUP_CODE: {
    summary: "code that runs when Python starts may make more modules importable",
    cause:
      "lines of `.pth` files that begin with `import` are executed by Python, and what they do can't be told without it",
    example: "a package whose `.pth` file installs an import hook of its own",
    repair: "ask Python itself: `pybun run -c 'import NAME; print(NAME.__file__)'`",
  },
} satisfies Record<string, CodeSpec>;
