import { PybunError } from "../../plugin-api/error.ts";
import { Catalogue } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { usageError } from "../../plugin-api/usage.ts";

const USAGE = 2;
/** Faults of the program itself, and of the system, keep their codes. */
const FIRST_SYSTEM_CODE = 64;

type Handler<A extends readonly unknown[], R> = (...args: [...A, Session]) => Promise<R>;

/**
 * A handler whose failures end as pip's do: 1 for whatever could not be done, 2 for words that are not understood. The code
 * of the diagnostic stays what it is.
 */
export const asPip =
  <A extends readonly unknown[], R>(handler: Handler<A, R>): Handler<A, R> =>
  async (...args) => {
    try {
      return await handler(...args);
    } catch (error) {
      throw error instanceof PybunError ? await withPipsCode(error, args.at(-1) as Session) : error;
    }
  };

async function withPipsCode(error: PybunError, session: Session): Promise<PybunError> {
  const { codes } = await session.use(Catalogue);
  const own = error.detail.exitCode ?? codes.get(error.code)?.exitCode ?? FIRST_SYSTEM_CODE;
  if (own === USAGE || own >= FIRST_SYSTEM_CODE) return error;
  const told = new PybunError(error.code, error.message, { ...error.detail, exitCode: 1 });
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}

/** What pip finds wrong with a call once it has understood the words: ends with 1, where other commands have 2. */
export const callError = (path: string, message: string): PybunError => {
  const { code, detail } = usageError(path, message);
  return new PybunError(code, message, { ...detail, exitCode: 1 });
};
