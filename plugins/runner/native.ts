// Bun offers the system's execve as Node's process.execve; no other way keeps the process id, the terminal and the
// signals of the caller for the child without standing between them.

/** Replaces this process. Returns only where the platform has no exec; the caller then spawns. */
export function become(argv: readonly string[], env: Readonly<Record<string, string>>, cwd: string): void {
  const [file] = argv;
  if (file === undefined || typeof process.execve !== "function" || process.platform === "win32") return;
  if (process.cwd() !== cwd) process.chdir(cwd);
  // The other program knows nothing of what this one has to do at its end, such as removing its temporary folder.
  process.emit("exit", 0);
  // Exit handlers run first; the code says that this end is meant.
  process.exitCode = 0;
  process.execve(file, argv, env);
}
