import path from "node:path";
import type { Interpreter } from "../model/interpreter.ts";
import type { TargetEnvironment } from "../services.ts";

/**
 * An environment as the JSON of every command has it (SPEC ENV-02), under the name `env`: `path` is its folder, `source` why it is
 * this one, where that is known, and `python` its interpreter, both paths absolute.
 */
export interface EnvironmentData {
  readonly path: string;
  readonly source?: string;
  readonly python: string;
}

const text = { type: "string" };
const properties = { path: text, source: text, python: text };

/** JSON Schema of {@link EnvironmentData}. */
export const ENVIRONMENT_DATA = { type: "object", properties, required: ["path", "python"] };
/** JSON Schema of {@link EnvironmentData}, or null where a command had none to do with. */
export const ENVIRONMENT_DATA_OR_NONE = { ...ENVIRONMENT_DATA, type: ["object", "null"] };

/** The JSON of an environment that packages go into, also of one that a dry run did not make. */
export const targetData = ({ root, source, interpreter, selected }: TargetEnvironment): EnvironmentData => ({
  path: root,
  source,
  python: selected?.python ?? pythonIn(root, interpreter),
});

/** Where the interpreter of an environment at `root` (absolute) is. */
export const pythonIn = (root: string, { scheme }: Pick<Interpreter, "scheme">): string =>
  path.join(root, scheme.scripts, scheme.scripts === "Scripts" ? "python.exe" : "python");
