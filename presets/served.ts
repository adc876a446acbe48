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

/** What the client in front of the executable asks for: those, and what may be a tool that was run before. */
export const asked: readonly string[] = [...served, "x"];
