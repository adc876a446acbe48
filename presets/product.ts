interface Product {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
  /** First words of the commands that the client in front of this executable has asked a daemon for already. */
  readonly asked: readonly string[];
  /** Options of every command whose next word is their value, with their dashes. */
  readonly taking: readonly string[];
}
declare const BUILT: Product | undefined;

/** It was built, not run from source: what listens for it is of the same code. */
export const isBuilt = typeof BUILT === "object";

/** What this executable is, set when it is built; run from source it is nothing that was released. */
export const product: Product =
  typeof BUILT === "object"
    ? BUILT
    : { name: "pybun", version: "0.0.0+source", commit: "source", asked: [], taking: [] };
