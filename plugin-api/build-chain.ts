import { AsyncLocalStorage } from "node:async_hooks";
import type { PackageName } from "./model/requirement.ts";

const chain = new AsyncLocalStorage<readonly PackageName[]>();

/**
 * Names of the source distributions that are being built around this call, outermost first: a build needs an
 * environment, and that may need another build. Whoever lets several callers share one promise must not share it between
 * different chains, because a build that waits for its own result never ends.
 */
export const buildChain = (): readonly PackageName[] => chain.getStore() ?? [];

/** Runs `work` as part of the build of `name`: within it, and all it starts, `buildChain` ends with that name. */
export const withinBuild = <T>(name: PackageName, work: () => Promise<T>): Promise<T> =>
  chain.run([...buildChain(), name], work);
