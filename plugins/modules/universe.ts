import path from "node:path";
import { Environments, Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { StoreTrees } from "../../plugin-api/store-trees.ts";
import { importFacts } from "./facts.ts";
import type { Universe } from "./find.ts";
import { openFolders } from "./folders.ts";
import { type SearchPath, searchPathOf } from "./search-path.ts";
import { openArchives } from "./zip-place.ts";

/** Where the environment used here looks for modules. */
export interface Here {
  readonly searchPath: SearchPath;
  readonly env: { readonly path: string; readonly source: string; readonly python: string } | null;
  /** The same Python, started to compare with: words in front of `-c`. */
  readonly python: readonly string[];
  /** What stands before Python's own entries. */
  readonly first: readonly string[];
  /** `isBelow`: of these folders alone. */
  universe(entries: readonly string[], isBelow?: boolean): Universe;
}

export interface Asking {
  /** Folders in place of the working directory. */
  readonly first: readonly string[];
  /** All modules are to be listed, not some looked for. */
  readonly isForAll: boolean;
}

/** The environment that a program would run in. */
export async function look({ first, isForAll }: Asking, session: Session): Promise<Here> {
  const host = await session.use(Host);
  const { cwd } = session;
  const { root, source, interpreter, selected } = await (await session.use(Environments)).target();
  const facts = await importFacts(interpreter, host);
  const program = host.env["PYTHONSAFEPATH"] ? [] : [cwd];
  const before = first.length > 0 ? first.map((folder) => path.resolve(cwd, folder)) : program;
  const searchPath = searchPathOf({
    facts,
    interpreter,
    ...(interpreter.isVirtual && { root }),
    hasNoPackages: selected === undefined,
    first: before,
    cwd,
    home: host.home,
    env: host.env,
  });
  const { extension, source: sources, bytecode } = facts.suffixes;
  const ordered = [...extension, ...sources, ...bytecode];
  const endings = new Set(ordered.map((suffix) => suffix.slice(suffix.lastIndexOf("."))));
  // For a few names, some folders are read faster than the records of all their wheels.
  const trees = isForAll ? await session.use(StoreTrees) : undefined;
  const couldBeModule = (name: string): boolean => endings.has(name.slice(name.lastIndexOf(".")));
  return {
    searchPath,
    env: selected ? { path: selected.path, source, python: selected.python } : null,
    python: selected ? [selected.python] : [interpreter.path, "-S"],
    first: before,
    universe: (entries, isBelow = false) => ({
      facts,
      entries,
      editables: isBelow ? [] : searchPath.editables,
      ...(trees && { trees }),
      places: {
        folders: openFolders(couldBeModule),
        archives: openArchives(facts.derivesZipFolders),
        suffixes: facts.suffixes,
        ordered,
      },
    }),
  };
}

/** As the command's JSON has it. */
export const pathData = ({ entries, unfollowed }: Pick<SearchPath, "entries" | "unfollowed">) => ({
  search_paths: entries,
  unfollowed,
});
