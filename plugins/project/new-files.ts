import { Eta } from "eta";
import { formatTomlValue, type TomlValue } from "../../plugin-api/toml-value.ts";
import { backendOf, type Layout } from "./backends.ts";
import type { BackendName } from "./commands.ts";
import { moduleOf } from "./project-name.ts";
import { templates } from "./template-files.ts";

/** What a new project is to be. */
export interface NewProject {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** SPDX expression; empty for none. */
  readonly license: string;
  readonly requiresPython: string;
  readonly kind: "app" | "lib";
  readonly layout: Layout;
  /** Absent for a project that is no package. */
  readonly backend?: BackendName;
  /** Nothing but pyproject.toml. */
  readonly isBare: boolean;
  /** Written to `.python-version`; absent where that is decided elsewhere. */
  readonly pythonVersion?: string;
  /** Also without a repository: some build backends take what stands there for what is not to be published. */
  readonly hasGitFiles: boolean;
}

/** A file of a new project: path relative to its folder, and what stands in it. */
export type NewFile = readonly [path: string, content: string];

const eta = new Eta({ autoEscape: false, autoTrim: false });

/** The files of a new project, in the order in which they are told. Pure. */
export function filesOf(project: NewProject): readonly NewFile[] {
  const { name, description, kind, layout, isBare, pythonVersion } = project;
  const module = moduleOf(name);
  const isPackaged = project.backend !== undefined && !isBare;
  const words = {
    ...project,
    module,
    toml: (value: TomlValue) => formatTomlValue(value),
    backend: project.backend && backendOf(project.backend, layout),
    docstring: docstring(description),
    hasReadme: !isBare,
    hasScript: isPackaged && kind === "app",
    hasTests: isPackaged,
  };
  const file = (path: string, template: keyof typeof templates): NewFile => [
    path,
    eta.renderString(templates[template], words),
  ];
  const folder = layout === "src" ? `src/${module}` : module;
  return [
    file("pyproject.toml", "pyproject"),
    ...(isBare ? [] : [file("README.md", "readme")]),
    ...(project.hasGitFiles ? [file(".gitignore", "gitignore"), file(".gitattributes", "gitattributes")] : []),
    ...(pythonVersion === undefined ? [] : [[".python-version", `${pythonVersion}\n`] as const]),
    ...(isPackaged ? [file(`${folder}/__init__.py`, kind), file(`tests/test_${module}.py`, "test")] : []),
    ...(isPackaged && kind === "lib" ? [[`${folder}/py.typed`, ""] as const] : []),
  ];
}

/** A script with a block of its own requirements (PEP 723). */
export const scriptText = (requiresPython: string): string =>
  eta.renderString(templates.script, { requiresPython, toml: formatTomlValue });

function docstring(description: string): string {
  const words = description.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
  return words === "" ? "" : `"""${words}"""`;
}
