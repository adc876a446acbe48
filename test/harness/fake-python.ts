import fs from "node:fs";
import path from "node:path";

export interface FakePython {
  readonly version: string;
  readonly implementation?: string;
  readonly isFreeThreaded?: boolean;
  /** What the program does instead of describing itself: lines of a shell script. */
  readonly instead?: string;
}

/**
 * Writes an executable that answers the probe of interpreters as a Python would, and notes each start in `<file>.starts`.
 * For tests of what is found and chosen; nothing else can be run with it.
 */
export function writeFakePython(file: string, fake: FakePython): void {
  const [major = 0, minor = 0] = fake.version.split(".").map(Number);
  const implementation = fake.implementation ?? "cpython";
  const prefix = path.dirname(path.dirname(file));
  const facts = {
    executable: file,
    baseExecutable: file,
    version: fake.version,
    implementation,
    markers: {
      python_full_version: fake.version,
      python_version: `${major}.${minor}`,
      implementation_name: implementation,
    },
    tags: {
      implementation,
      python: [major, minor],
      isFreeThreaded: fake.isFreeThreaded ?? false,
      os: "linux",
      arch: "x86_64",
    },
    scheme: { purelib: "lib/site-packages", platlib: "lib/site-packages", scripts: "bin", headers: "include" },
    prefix,
    basePrefix: prefix,
    stdlib: path.join(prefix, "lib"),
    cacheTag: `${implementation}-${major}${minor}`,
    isExternallyManaged: false,
    pointerBits: 64,
  };
  const answer = fake.instead ?? `printf '%s\\n' '${JSON.stringify(facts)}'`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\necho started >> "$0.starts"\n${answer}\n`, { mode: 0o755 });
}

/** How often a fake was started. */
export function startsOf(file: string): number {
  const log = `${file}.starts`;
  return fs.existsSync(log) ? fs.readFileSync(log, "utf8").trimEnd().split("\n").length : 0;
}
