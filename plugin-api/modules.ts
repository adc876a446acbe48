import { serviceKey } from "./service.ts";

/** What can be imported, told without starting Python. */
export interface Modules {
  /**
   * Names that an `import` finds at the top level of an environment, or of the installation whose Python is named: of the interpreter,
   * of its packages, and of the folders `first`. Undefined where only Python can tell, because code that runs at its start has a say in it.
   */
  topLevel(
    environment: { readonly path: string; readonly python: string },
    first: readonly string[],
  ): Promise<ReadonlySet<string> | undefined>;
}
export const Modules = serviceKey<Modules>("Modules");
