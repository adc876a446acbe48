declare const BUILT: { readonly name: string; readonly version: string; readonly commit: string } | undefined;

/** What this executable is, set when it is built; run from source it is nothing that was released. */
export const product = typeof BUILT === "object" ? BUILT : { name: "pybun", version: "0.0.0+source", commit: "source" };
