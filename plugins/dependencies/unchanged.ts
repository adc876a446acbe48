import { PybunError } from "../../plugin-api/error.ts";

const UNCHANGED = "nothing was changed";
/** Commands that change one project at the same time come in turn; more of them than this is a fault. */
const MOST_TRIES = 20;

/** What a command that changes all or nothing says of a failure (SPEC PRJ-11). */
export async function asUnchanged<T>(change: () => Promise<T>): Promise<T> {
  try {
    return await change();
  } catch (error) {
    if (!(error instanceof PybunError) || error.code === "E_USAGE") throw error;
    const { evidence = [] } = error.detail;
    if (evidence.includes(UNCHANGED) || error.detail.context?.["is_changed"] === true) throw error;
    throw new PybunError(error.code, error.message, { ...error.detail, evidence: [...evidence, UNCHANGED] });
  }
}

/** When somebody else changed the project meanwhile, the change is made again on what is there now. */
export async function withRetry<T>(change: () => Promise<T>): Promise<T> {
  let before: PybunError | undefined;
  for (let tries = 1; ; tries++)
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof PybunError)) throw error;
      // What they changed is that it is gone.
      if (before && error.code === "E_PROJECT_NOT_FOUND") throw before;
      if (error.code !== "E_PROJECT_CHANGED" || tries === MOST_TRIES) throw error;
      before = error;
    }
}
