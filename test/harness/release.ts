import { createHash } from "node:crypto";

/** One release of a package as test data states it; keys are those of the TOML form (`[[package]]`). */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly requires?: readonly string[];
  readonly "requires-python"?: string;
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** True, or the reason. */
  readonly yanked?: boolean | string;
  /** Path in site-packages -> content. Default: one module with the package's name and version. */
  readonly files?: Readonly<Record<string, string>>;
  /** Path below `.data/`, such as `scripts/tool` or `data/share/x` -> content. */
  readonly data?: Readonly<Record<string, string>>;
  readonly "console-scripts"?: Readonly<Record<string, string>>;
  readonly "gui-scripts"?: Readonly<Record<string, string>>;
  /** Compressed tag sets, one wheel each; default `py3-none-any`; empty for no wheel. */
  readonly tags?: readonly string[];
  readonly build?: string;
  /** Also (or, with `tags = []`, only) a source distribution. */
  readonly sdist?: boolean;
  /** Python text of `build_wheel` hooks for an sdist that misbehaves; default: a backend that works. */
  readonly backend?: string;
  /** `[build-system] requires` of the sdist. */
  readonly "build-requires"?: readonly string[];
  /** Core metadata of the sdist says that its dependencies are only known after a build. */
  readonly dynamic?: readonly string[];
  /** Further tables of the sdist's pyproject.toml, such as a static `[project]`. */
  readonly pyproject?: string;
  /** Status of the whole project (PEP 792), by the word of its last release. */
  readonly "project-status"?: string;
  /** RFC 3339. */
  readonly uploaded?: string;
  /** What the page states of each file in place of its SHA-256, by algorithm: a digest, `its own`, or `its own of 256 bits`. */
  readonly digests?: Readonly<Record<string, string>>;
  /** How the index treats the `.metadata` file: says so and has it, has it unsaid, says so without having it, neither. */
  readonly metadata?: "advertised" | "hidden" | "missing" | "none";
  /** Requirements in the `.metadata` file, where they are not those of the wheel. */
  readonly "metadata-requires"?: readonly string[];
}

/** The name as file names and folders spell it. */
export const escapedName = (name: string): string => name.replace(/[-_.]+/g, "_").toLowerCase();
export const normalizedName = (name: string): string => name.replace(/[-_.]+/g, "-").toLowerCase();
export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** METADATA of the wheel and PKG-INFO of the sdist (core metadata 2.3). */
export function coreMetadata(release: Release, dynamic: readonly string[] = []): string {
  const python = release["requires-python"];
  const lines = [
    "Metadata-Version: 2.3",
    `Name: ${release.name}`,
    `Version: ${release.version}`,
    ...(python === undefined ? [] : [`Requires-Python: ${python}`]),
    ...(release.requires ?? []).map((requirement) => `Requires-Dist: ${requirement}`),
    ...Object.entries(release.extras ?? {}).flatMap(([extra, requirements]) => [
      `Provides-Extra: ${extra}`,
      ...requirements.map((requirement) => `Requires-Dist: ${underExtra(requirement, extra)}`),
    ]),
    ...dynamic.map((field) => `Dynamic: ${field}`),
  ];
  return `${lines.join("\n")}\n`;
}

function underExtra(requirement: string, extra: string): string {
  const [what, marker] = requirement.split(/\s*;\s*/, 2) as [string, string?];
  return `${what}; ${marker === undefined ? "" : `(${marker}) and `}extra == "${extra}"`;
}

/** What a release installs into site-packages. */
export function modulesOf(release: Release): Readonly<Record<string, string>> {
  const module = escapedName(release.name);
  return release.files ?? { [`${module}/__init__.py`]: `name = "${release.name}"\nversion = "${release.version}"\n` };
}

/** `entry_points.txt`, or undefined when there are none. */
export function entryPoints(release: Release): string | undefined {
  const section = (title: string, entries: Readonly<Record<string, string>> | undefined): string =>
    entries === undefined
      ? ""
      : `[${title}]\n${Object.entries(entries)
          .map(([k, v]) => `${k} = ${v}\n`)
          .join("")}`;
  const text = section("console_scripts", release["console-scripts"]) + section("gui_scripts", release["gui-scripts"]);
  return text === "" ? undefined : text;
}
