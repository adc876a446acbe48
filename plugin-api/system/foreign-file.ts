import fs from "node:fs";
import { type Diagnostic, warning } from "../diagnostic.ts";

/**
 * The text of another tool's configuration file; undefined when there is none. What is there and can't be read is a warning
 * (`W_CONFIG_FOREIGN`), not a failure: the file is not ours.
 */
export function readForeignFile(file: string, warn: (diagnostic: Diagnostic) => void): string | undefined {
  // Most are not there, and an exception takes far longer than a question.
  if (!fs.existsSync(file)) return undefined;
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    warn(passedOver(file, `${file} can't be read: ${code === "EISDIR" ? "it is a folder" : (error as Error).message}`));
    return undefined;
  }
}

/** The warning about a file or value of another tool that is passed over. `line` counts from 1. */
export const passedOver = (file: string, message: string, line?: number): Diagnostic =>
  warning("W_CONFIG_FOREIGN", message, { file, ...(line !== undefined && { line }) });
