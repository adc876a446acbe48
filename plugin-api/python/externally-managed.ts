import { PybunError } from "../error.ts";
import type { Interpreter } from "../model/interpreter.ts";

/**
 * Refuses to change the packages of a Python that the system's package manager keeps: it may break, and break what is
 * installed (PEP 668). Throws `E_ENV_MANAGED`.
 */
export function checkManaged(interpreter: Interpreter, { isAllowed }: { readonly isAllowed: boolean }): void {
  if (!interpreter.isExternallyManaged || isAllowed) return;
  throw new PybunError("E_ENV_MANAGED", `the system's package manager keeps the packages of ${interpreter.path}`, {
    evidence: ["nothing was changed"],
    hints: ["use an environment: `pybun env create`"],
    context: { python: interpreter.path },
  });
}
