// Also part of the start of the executable.
import { lettersOf } from "./python-options.ts";

const DELIMITER = process.platform === "win32" ? ";" : ":";

/**
 * PYTHONPATH with a folder first, which `sitecustomize.py` takes off again. One that was empty stays apart from none, and an empty
 * part would be the working directory: the folder twice stands for it.
 */
export const pythonPathWith = (folder: string, before: string | undefined): string =>
  before === undefined ? folder : `${folder}${DELIMITER}${before || folder}`;

/** Whether Python with these options looks at PYTHONPATH and imports `sitecustomize`; else the option that it is for. */
export function optionAgainstBootstraps(pythonOptions: readonly string[]): string | undefined {
  const letter = /[IES]/.exec(lettersOf(pythonOptions))?.[0];
  return letter && `-${letter}`;
}
