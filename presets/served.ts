/**
 * Commands that a daemon runs as the process itself would: they begin and end with files and words, or with a program that the
 * process then becomes.
 */
export const served: ReadonlySet<string> = new Set([
  "add",
  "export",
  "install",
  "lock",
  "module-find",
  "outdated",
  "pip",
  "remove",
  "run",
  "sync",
  "tool",
  "tree",
  "upgrade",
  "venv",
  "why",
]);

/** Of them, those that the client in front of the executable asks for; the others it leaves to the start in TypeScript. */
export const askedByClient: readonly string[] = [...served].filter((name) => name !== "run");
