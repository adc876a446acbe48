import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_DIRECT_REFERENCE: {
    exitCode: 3,
    summary: "a requirement's URL or path is none that can be installed",
    cause:
      "it is relative, has an unknown scheme, or names something that is neither a wheel nor a source archive nor a folder with pyproject.toml or setup.py",
    example: '`pybun x "demo @ file:./demo-1.0-py3-none-any.whl"`',
    repair: "write the whole address: `demo @ file:///home/me/demo-1.0-py3-none-any.whl`, or `demo @ https://…`",
  },
  E_DIRECT_MISSING: {
    exitCode: 4,
    summary: "a file or folder that a requirement names is not there",
    cause: "the path has a typing error, or the file was moved or never built",
    example: '`pybun x "demo @ file:///no/such/demo-1.0-py3-none-any.whl"`',
    repair: "mend the path, or build the file first",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
