import manifest from "../package.json" with { type: "json" };

declare const BUILT_NAME: string | undefined;
declare const BUILT_COMMIT: string | undefined;

/** What this executable is; name and commit are set when it is built. */
export const product = {
  name: typeof BUILT_NAME === "string" ? BUILT_NAME : "pybun",
  version: manifest.version,
  commit: typeof BUILT_COMMIT === "string" ? BUILT_COMMIT : "source",
};
