import { DEFAULT_EXCLUDE, globExpression } from "./patterns.ts";

/** The argv of the watcher that people have on this system: it prints a path for each change, and never ends (SPEC WAT-03). */
export function externalCommand(roots: readonly string[], platform: string = process.platform): readonly string[] {
  const excluded = `/(${DEFAULT_EXCLUDE.filter((glob) => /^[\w.-]+$/.test(glob))
    .map((glob) => globExpression(`/${glob}`).source.slice(1, -1))
    .join("|")})(/|$)`;
  if (platform === "darwin") return ["fswatch", "-r", "-E", "-e", excluded, ...roots];
  const events = "close_write,moved_to,moved_from,create,delete";
  return ["inotifywait", "-m", "-r", "-q", "-e", events, "--format", "%w%f", "--exclude", excluded, ...roots];
}
