import {
  CMAKE,
  COMPILER,
  type PackageNames,
  PKG_CONFIG,
  PYTHON_HEADERS,
  packagesOfHeader,
  packagesOfLibrary,
  RUST,
} from "./system-packages.ts";

/** Something of the system that a build needed and did not find. */
export interface Lack {
  /** Completes the sentence "`name version` needs …". */
  readonly needs: string;
  /** The lines of the log that say so. */
  readonly lines: readonly string[];
  /** What installs it, by system. */
  readonly packages: PackageNames | undefined;
}

interface Sign {
  readonly pattern: RegExp;
  readonly lack: (found: readonly string[]) => Pick<Lack, "needs" | "packages">;
}

const compiler = (name: string): Pick<Lack, "needs" | "packages"> => ({
  needs: `a C compiler, \`${name.replace(/.*[/\\]/, "")}\` was not found`,
  packages: COMPILER,
});
const library = (name: string): Pick<Lack, "needs" | "packages"> => ({
  needs: `library \`${name}\` to build`,
  packages: packagesOfLibrary(name),
});
const program = (name: string, packages: PackageNames | undefined): Pick<Lack, "needs" | "packages"> => ({
  needs: `\`${name}\` to build, which was not found`,
  packages,
});

/** In order: the first sign that occurs in a log is the cause, later ones follow from it. */
const SIGNS: readonly Sign[] = [
  {
    pattern: /fatal error: '?Python\.h'?(?:: No such file| file not found)/,
    lack: () => ({ needs: "Python's headers (`Python.h`) to build", packages: PYTHON_HEADERS }),
  },
  {
    pattern: /fatal error: '?([\w./+-]+\.h(?:pp|h)?)'?(?:: No such file| file not found)/,
    lack: ([header = ""]) => ({ needs: `header \`${header}\` to build`, packages: packagesOfHeader(header) }),
  },
  {
    pattern: /Cannot open include file: '([^']+)'/,
    lack: ([header = ""]) => ({ needs: `header \`${header}\` to build`, packages: packagesOfHeader(header) }),
  },
  { pattern: /cannot find -l([\w.+-]+)/, lack: ([name = ""]) => library(name) },
  { pattern: /ld: library (?:not found for -l|')([\w.+-]+?)'?(?: not found)?$/m, lack: ([name = ""]) => library(name) },
  {
    pattern: /LINK : fatal error LNK1181: cannot open input file '([^']+?)(?:\.lib)?'/,
    lack: ([name = ""]) => library(name),
  },
  { pattern: /pg_config executable not found/, lack: () => program("pg_config", packagesOfLibrary("pq")) },
  {
    pattern: /Can not find valid pkg-config name|mysql_config(?::)? (?:command )?not found/,
    lack: () => program("mysql_config", packagesOfLibrary("mysqlclient")),
  },
  {
    pattern:
      /(?:error: command|unable to execute) '?([^'\s]*(?:cc|\+\+|clang)[\w.-]*)'?(?: failed)?: (?:No such file|command not found)/,
    lack: ([name = ""]) => compiler(name),
  },
  { pattern: /No such file or directory: '([^']*(?:cc|\+\+|clang)[\w.-]*)'/, lack: ([name = ""]) => compiler(name) },
  { pattern: /Unknown compiler\(s\): \[\['([^']+)'/, lack: ([name = ""]) => compiler(name) },
  { pattern: /Microsoft Visual C\+\+ [\d.]+ or greater is required/, lack: () => compiler("cl") },
  {
    pattern:
      /can't find Rust compiler|Cargo, the Rust package manager, is not installed|No such file or directory: '(?:cargo|rustc)'/i,
    lack: () => program("cargo", RUST),
  },
  {
    pattern:
      /CMake must be installed|Could not find CMake|No such file or directory: '(?:\S*\/)?cmake'|cmake(?::)? (?:command )?not found/i,
    lack: () => program("cmake", CMAKE),
  },
  {
    pattern:
      /(?:No such file or directory: 'pkg-config'|pkg-config(?::)? (?:command )?not found|Did not find pkg-config)/i,
    lack: () => program("pkg-config", PKG_CONFIG),
  },
  {
    pattern:
      /Package '?([\w.+-]+?)'?,? (?:was not found in the pkg-config search path|required by 'virtual:world', not found)/,
    lack: ([name = ""]) => library(name.replace(/^lib/, "")),
  },
];

/** What the log of a failed build says is missing on this system; undefined when it says nothing of the kind. */
export function recognizeLack(log: string): Lack | undefined {
  let first: { readonly at: number; readonly lack: Lack } | undefined;
  for (const { pattern, lack } of SIGNS) {
    const found = pattern.exec(log);
    if (found && (!first || found.index < first.at))
      first = { at: found.index, lack: { ...lack(found.slice(1)), lines: around(log, found.index) } };
  }
  return first?.lack;
}

/** The line with the sign, and the compiler's excerpt of the source below it. */
function around(log: string, index: number): string[] {
  const start = log.lastIndexOf("\n", index) + 1;
  const [line = "", excerpt = ""] = log.slice(start).split(/\r?\n/, 2);
  return [line.trim(), ...(/^\s*\d+ \|/.test(excerpt) ? [excerpt.trimEnd()] : [])];
}
