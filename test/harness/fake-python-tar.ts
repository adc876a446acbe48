import { BUILD, hostTarget, type PythonTar, packPython } from "./python-mirror.ts";
import { linkMember } from "./tar-writer.ts";

export interface FakePythonTar {
  /** `3.12.90`: that the archive's name says. */
  readonly version: string;
  /** Of another version than its archive says. */
  readonly saidVersion?: string;
  /** What the program does instead of describing itself: lines of a shell script. */
  readonly instead?: string;
}

/** A small archive with a script that describes itself as this Python would, wherever it is unpacked; nothing else can be run with it. */
export function packFakePython({ version, saidVersion = version, instead }: FakePythonTar): PythonTar {
  const minor = version.split(".").slice(0, 2).join(".");
  const facts = {
    executable: `@prefix@/bin/python${minor}`,
    baseExecutable: `@prefix@/bin/python${minor}`,
    version: saidVersion,
    implementation: "cpython",
    isFreeThreaded: false,
    markers: { python_full_version: saidVersion, python_version: minor, implementation_name: "cpython" },
    tags: {
      implementation: "cpython",
      python: minor.split(".").map(Number),
      isFreeThreaded: false,
      os: "linux",
      arch: "x86_64",
    },
    scheme: { purelib: "lib/site-packages", platlib: "lib/site-packages", scripts: "bin", headers: "include" },
    prefix: "@prefix@",
    basePrefix: "@prefix@",
    stdlib: `@prefix@/lib/python${minor}`,
    cacheTag: `cpython-${minor.replace(".", "")}`,
    isExternallyManaged: true,
    pointerBits: 64,
  };
  const answer = `prefix=$(cd "$(dirname "$0")/.." && pwd -P)\ncat <<END | sed "s#@prefix@#$prefix#g"\n${JSON.stringify(facts)}\nEND`;
  const text = (value: string): Uint8Array => Buffer.from(value);
  return packPython({
    version,
    members: [
      { path: `python/bin/python${minor}`, data: text(`#!/bin/sh\n${instead ?? answer}\n`), mode: 0o755 },
      linkMember("python/bin/python3", `python${minor}`),
      linkMember("python/bin/python", `python${minor}`),
      { path: `python/lib/python${minor}/os.py`, data: text("") },
      {
        path: `python/lib/python${minor}/_sysconfigdata__linux_.py`,
        data: text(
          "build_time_vars = {'CC': 'clang -pthread', 'LIBDIR': '/install/lib', 'OTHER': '/opt/install/lib'}\n",
        ),
      },
      { path: "python/lib/pkgconfig/python3.pc", data: text("prefix=/install\n") },
    ],
  });
}

/** Name of the folder of an installation of it on this machine. */
export const installedName = (version: string): string => `cpython-${version}-${hostTarget()}`;
export const archiveName = (version: string): string =>
  `cpython-${version}+${BUILD}-${hostTarget()}-install_only_stripped.tar.gz`;
