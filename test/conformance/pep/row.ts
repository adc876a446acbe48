import { InvalidSyntax } from "../../../plugin-api/error.ts";

/** One question to the product. Expectation and answer are compared as JSON. */
export interface Row {
  readonly subject: string;
  readonly expected: unknown;
  readonly answer: () => unknown;
}

/** `make()`, or null where it refuses its input. Any other error is a failure of the row. */
export function unlessInvalid<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidSyntax) return null;
    throw error;
  }
}
