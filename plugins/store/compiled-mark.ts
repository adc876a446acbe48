/** Name of the file in an entry that says that it is compiled for a cache tag. Interpreters of one tag share their bytecode. */
export const compiledMark = (cacheTag: string): string => `compiled-${cacheTag}`;
