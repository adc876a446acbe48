// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import type { Fast } from "../plugin-api/command.ts";
import { workingDirectory } from "../plugin-api/launch/native.ts";
import { type NotedCommand, noteCall, readNote } from "../plugin-api/launch/note.ts";
import { say } from "../plugin-api/launch/say.ts";

/** A command that found nothing to do, and of whose premises nothing changed since, says so again; everything else declines. */
export const fastNote =
  (command: NotedCommand): Fast =>
  async (argv, env) => {
    const cwd = workingDirectory();
    const said = cwd === undefined ? undefined : await readNote(noteCall(command, argv, { cwd, env }), env);
    if (said === undefined) return undefined;
    await say(said, env);
    return 0;
  };
