import path from "node:path";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { commandsDir } from "../../plugin-api/system/directories.ts";
import type { EnvironmentData } from "../../plugin-api/text/environment-data.ts";

/** Where installed tools are, all absolute. */
export interface ToolPlaces {
  readonly dataDir: string;
  /** An environment for each tool, and its record beside it. */
  readonly tools: string;
  /** Where their commands are put. */
  readonly bin: string;
  /** A path as people see it. */
  readonly show: (file: string) => string;
  readonly isWindows: boolean;
}

export async function toolPlaces(session: Session): Promise<ToolPlaces> {
  const { dataDir, env, home, platform } = await session.use(Host);
  return {
    dataDir,
    tools: path.join(dataDir, "tools"),
    bin: commandsDir(env, home),
    // Not relative to the working directory: what is on PATH is the same everywhere.
    show: (file) => (file === home ? "~" : file.startsWith(home + path.sep) ? `~${file.slice(home.length)}` : file),
    isWindows: platform === "win32",
  };
}

/** A tool's environment as JSON has it (SPEC ENV-02). */
export function environmentData(
  places: ToolPlaces,
  { name, folders }: { readonly name: string; readonly folders: { readonly scripts: string } },
): EnvironmentData {
  const root = environmentOf(places, name);
  const python = path.join(root, folders.scripts, places.isWindows ? "python.exe" : "python");
  return { path: root, source: "tool", python };
}

/** Root of a tool's environment; `name` in normal form. */
export const environmentOf = ({ tools }: ToolPlaces, name: string): string => path.join(tools, name);
