import fs from "node:fs";
import path from "node:path";
import { createPlace, type Result } from "../harness/project.ts";

export interface InstalledFile {
  readonly sha256: string;
  readonly mode: number;
  /** First line of a script, and the hash of the rest. */
  readonly first?: string;
  readonly rest?: string;
}

/** An environment as Python itself sees it; see python/inspect_environment.py. */
export interface InspectedEnvironment {
  readonly prefix: string;
  readonly executable: string;
  readonly site: Readonly<Record<string, InstalledFile>>;
  readonly scripts: Readonly<Record<string, InstalledFile>>;
  readonly distributions: Readonly<
    Record<
      string,
      {
        readonly version: string;
        readonly installer: string;
        readonly recorded: readonly string[];
        readonly faults: readonly string[];
        readonly scripts: readonly string[];
      }
    >
  >;
  /** Hashes of files below the environment's root, by path. */
  readonly atRoot: (file: string) => Buffer | undefined;
}

export interface Inspected {
  readonly environment: InspectedEnvironment | undefined;
  /** The executable refused, as opposed to crashing. */
  readonly isRefusal: boolean;
  /** How it ended, in a few words. */
  readonly said: string;
}

const REFUSALS = [3, 4, 5, 6, 7];
const INSPECTOR = path.join(import.meta.dirname, "python", "inspect_environment.py");

/** Runs a script that needs the requirements, with a folder as the only source, and lets it describe its environment. */
export async function installAndInspect(
  requirements: readonly string[],
  folder: string,
  more: readonly string[] = [],
): Promise<Inspected> {
  const place = createPlace();
  try {
    const block = `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\n`;
    place.write({ "inspect_environment.py": block + fs.readFileSync(INSPECTOR, "utf8") });
    const result = await place.run(["run", "inspect_environment.py"], {
      env: { PYBUN_FIND_LINKS: [folder, ...more].join(" "), PYBUN_NO_INDEX: "1" },
    });
    const left = place.leftovers();
    const said = `${describe(result)}${left.length > 0 ? `; left over: ${left.join(", ")}` : ""}`;
    const environment = result.exitCode === 0 && left.length === 0 ? parse(result.stdout) : undefined;
    return { environment, isRefusal: left.length === 0 && REFUSALS.includes(result.exitCode ?? -1), said };
  } finally {
    place.remove();
  }
}

const describe = ({ exitCode, stderr, stdout }: Result): string =>
  `exit code ${exitCode}${exitCode === 0 ? "" : `, ${(stderr || stdout).trim().slice(0, 400).replaceAll("\n", " | ")}`}`;

/** The files outside of site-packages are read at once, since the place is about to go. */
function parse(stdout: string): InspectedEnvironment | undefined {
  if (!stdout.startsWith("{")) return undefined;
  const seen = JSON.parse(stdout) as Omit<InspectedEnvironment, "atRoot">;
  const atRoot = new Map<string, Buffer>();
  const visit = (relative: string): void => {
    for (const entry of fs.readdirSync(path.join(seen.prefix, relative), { withFileTypes: true })) {
      const file = path.posix.join(relative, entry.name);
      const isOwn = !/^(lib|lib64|Lib)$/.test(file);
      if (entry.isDirectory() && isOwn) visit(file);
      else if (entry.isFile()) atRoot.set(file, fs.readFileSync(path.join(seen.prefix, file)));
    }
  };
  visit("");
  return { ...seen, atRoot: (file) => atRoot.get(file) };
}
