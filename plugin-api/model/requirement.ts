type Brand<T, B extends string> = T & { readonly __brand: B };

/** A distribution's name in normal form (PEP 503): lower case, runs of `-_.` as one `-`. Minted by `python/package-name.ts`. */
export type PackageName = Brand<string, "PackageName">;
/** An extra's name in normal form (PEP 685). */
export type Extra = Brand<string, "Extra">;

/**
 * What somebody asks for (PEP 508): a name, which versions, when, and with which extras. Texts stay texts: specifiers
 * and markers are parsed where they are used, once per distinct text, and cached there.
 */
export interface Requirement {
  readonly name: PackageName;
  readonly extras: readonly Extra[];
  /** Comma-separated clauses without blanks or parentheses, such as `>=2,<3`; empty for any version. */
  readonly specifier: string;
  /** Environment marker in canonical spelling; empty when it always applies. */
  readonly marker: string;
  /** A direct reference's URL (`name @ url`); the specifier is then empty. */
  readonly url?: string;
  /** Logical name of the index that the package has to come from, where the project says so (`sources`). */
  readonly index?: string;
}

/** A package's page: on whichever of the indexes has it, or on the one that is named. */
export interface PageName {
  readonly name: PackageName;
  readonly index?: string;
}

/** The index that a package has to come from, whoever requires it, where the marker holds; empty for everywhere. */
export interface IndexPin {
  readonly name: PackageName;
  /** Logical name, or a place of archives as `find-links` names it. */
  readonly index: string;
  readonly marker: string;
}

/** A requirement and who asked: `command line`, `script.py:3`, `pyproject.toml:8`, `constraints.txt:2`. */
export interface Demand {
  readonly requirement: Requirement;
  /** As the user wrote it. */
  readonly text: string;
  readonly origin: string;
  /** The file it is written in, absolute, where the line in `origin` holds `text` in quotes; absent for what stands in none. */
  readonly file?: string;
}
