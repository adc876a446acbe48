import type { CodeSpec } from "../../plugin-api/error.ts";

export const codes = {
  E_BUILD_FAILED: {
    exitCode: 7,
    summary: "a source distribution could not be made into a wheel",
    cause: "its build backend ended with an error, made something else than announced, or needs itself to be built",
    example: "`pybun add` of a package without a wheel whose setup.py raises an exception",
    repair: "read the log that the message names; take a version that has a wheel with `--prefer-binary`",
  },
  E_BUILD_SYSTEM_LIB: {
    exitCode: 7,
    summary: "a build needs something of the system that is not installed",
    cause: "the build's log names a header, library, compiler or tool that was not found",
    example: "`pybun add psycopg2` on a machine without PostgreSQL's headers",
    repair: "install what the message names, or take a version that has a wheel with `--prefer-binary`",
  },
} satisfies Readonly<Record<string, CodeSpec>>;
