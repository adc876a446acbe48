// In the first module of the executable: it may import what stands in plugin-api/launch, and nothing else.
import type { Fast } from "../plugin-api/command.ts";
import { workingDirectory } from "../plugin-api/launch/native.ts";
import { type RenewingCommand, readRenewal } from "../plugin-api/launch/renewal.ts";
import { say } from "../plugin-api/launch/say.ts";
import { fastNote } from "./fast-note.ts";

/**
 * Where there is no environment, and one was made of the same before, here or elsewhere, it is made again; one that is as it
 * was found is said to be up to date. Everything else declines.
 */
export const fastRenewal =
  (command: RenewingCommand): Fast =>
  async (argv, env) => {
    const cwd = workingDirectory();
    if (cwd === undefined) return undefined;
    const renewal = await readRenewal(command, argv, { cwd, env });
    if (renewal === undefined) return fastNote(command)(argv, env);
    const { renew } = await import("./renew.ts");
    if (!(await renew(renewal, { command, argv, cwd, env }))) return undefined;
    await say(renewal.said, env);
    return 0;
  };
