// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import { type Caller, type NotedCommand, noteCall, readNote } from "../plugin-api/launch/note.ts";
import type { Said } from "../plugin-api/launch/say.ts";

/** A command that found nothing to do, and of whose premises nothing changed since, says so again; everything else declines. */
export const noteOf =
  (command: NotedCommand) =>
  (argv: readonly string[], { cwd, env }: Caller): Promise<Said | undefined> =>
    readNote(noteCall(command, argv, { cwd, env }), env);
