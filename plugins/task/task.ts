import { joinWords } from "./words.ts";

/** What a task does. */
export type Action =
  | { readonly kind: "cmd"; readonly words: readonly string[] }
  | { readonly kind: "shell"; readonly text: string }
  /** Code, or `module:function`. */
  | { readonly kind: "python"; readonly text: string }
  | { readonly kind: "chain"; readonly steps: readonly Step[] };

/** A task that another one runs as its next step, with arguments. */
export interface Step {
  readonly name: string;
  readonly args: readonly string[];
}

/** An entry of `[tool.pybun.tasks]`. Paths are absolute. */
export interface Task {
  readonly name: string;
  /** Where it is declared, such as `pyproject.toml:12`. */
  readonly origin: string;
  readonly help?: string;
  /** Absent for one that only depends on others. */
  readonly action?: Action;
  /** Given to the action when the call has no arguments. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly envFiles: readonly string[];
  readonly cwd: string;
  /** Folder of the file that declares it: globs start there. */
  readonly folder: string;
  readonly dependsOn: readonly string[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What it does, as one line for people. */
export function describe({ action, dependsOn }: Task): string {
  switch (action?.kind) {
    case "cmd":
      return joinWords(action.words);
    case "shell":
    case "python":
      return action.text.trim().split("\n", 1)[0] ?? "";
    case "chain":
      return action.steps.map(({ name, args }) => [name, ...args].join(" ")).join(", then ");
    case undefined:
      return dependsOn.join(", ");
  }
}
