import path from "node:path";
import { InvalidSyntax } from "../error.ts";
import type { Interpreter } from "../model/interpreter.ts";
import { intersectRanges } from "./key-range.ts";
import { containsKey, parseSpecifier, type Specifier } from "./specifier.ts";
import { isPrereleaseKey, versionKey } from "./version-key.ts";

/** What a request text means: a version of an implementation, a place, or a command's name. */
export type Wish = VersionWish | PathWish | CommandWish;

/** A version, specifier or implementation with or without one. */
export interface VersionWish {
  readonly kind: "version";
  /** As asked. */
  readonly text: string;
  readonly implementation: string;
  readonly isFreeThreaded: boolean;
  readonly specifier: Specifier;
  /** Major and minor, when the request fixes them. */
  readonly minor?: readonly [number, number];
}
/** A file or folder. */
export interface PathWish {
  readonly kind: "path";
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}
/** The name of a program on PATH. */
export interface CommandWish {
  readonly kind: "command";
  readonly text: string;
}

/** What the name of an executable or of its folder tells before it is run. */
export interface Hint {
  readonly implementation: string;
  readonly minor: readonly [number, number];
  readonly isFreeThreaded: boolean;
  /** Full version, when a folder's name tells it. */
  readonly version?: string;
}

/** Where a request was written: relative paths start there. */
export interface RequestPlace {
  readonly cwd: string;
  readonly home: string;
  /** True when a relative text names something that exists. */
  readonly exists: (file: string) => boolean;
}

const NAMED =
  /^(?:(c?python|cp|pypy|graalpy)[@-]?)?(\d+(?:\.\d+){0,2}(?:(?:a|b|rc)\d+)?)?(t|\+freethreaded)?(?:-\d[\w.]*)?$/i;
const IMPLEMENTATIONS: Readonly<Record<string, string>> = { pypy: "pypy", graalpy: "graalpy" };

/** Reads a request. Throws `InvalidSyntax` for a specifier that is none. */
export function parseRequest(text: string, place: RequestPlace): Wish {
  const asked = text.trim();
  if (asked === "") throw new InvalidSyntax("an empty request");
  if (/[/\\]|^~$|^\.\.?$/.test(asked)) return pathWish(asked, place);
  if (/^(?:c?python@?)?\s*[<>=!~]/i.test(asked))
    return anyOf("cpython", { text: asked, specifier: asked.replace(/^c?python@?\s*/i, "") });
  const named = NAMED.exec(asked);
  if (named && (named[1] ?? named[2])) return versionWish(asked, named);
  return place.exists(path.resolve(place.cwd, asked)) ? pathWish(asked, place) : { kind: "command", text: asked };
}

/** A wish for any CPython that a `Requires-Python` text allows; an empty text allows all. */
export const requiresWish = (requiresPython: string): VersionWish =>
  anyOf("cpython", { text: requiresPython, specifier: requiresPython });

/** A version wish as `.python-version` has it, in words pyenv knows where it can; empty when any version will do. */
export function pinText({ implementation, isFreeThreaded, specifier }: VersionWish): string {
  const [clause, ...others] = specifier.clauses;
  const isPlain = clause !== undefined && others.length === 0 && clause.operator === "==";
  const version = isPlain ? clause.version.replace(/\.\*$/, "") : specifier.text;
  return `${implementation === "cpython" ? "" : implementation}${version}${isFreeThreaded ? "t" : ""}`;
}

/** Whether the interpreter is what the version wish asks for; prereleases only when it names one. */
export const matches = (wish: VersionWish, { implementation, tags, version }: Interpreter): boolean =>
  matchesBuild(wish, { implementation, version, isFreeThreaded: tags.isFreeThreaded });

/** As `matches`, for what is known of a Python before it is there. */
export function matchesBuild(
  wish: VersionWish,
  build: { readonly implementation: string; readonly version: string; readonly isFreeThreaded: boolean },
): boolean {
  const { implementation, version, isFreeThreaded } = build;
  if (implementation !== wish.implementation || isFreeThreaded !== wish.isFreeThreaded) return false;
  const key = versionKey(version);
  if (key === undefined || (isPrereleaseKey(key) && !wish.specifier.namesPrerelease)) return false;
  return containsKey(wish.specifier, key);
}

/** False when the name alone rules an interpreter out. */
export function mayMatch(wish: VersionWish, hint: Hint): boolean {
  if (hint.implementation !== wish.implementation || hint.isFreeThreaded !== wish.isFreeThreaded) return false;
  const key = hint.version === undefined ? undefined : versionKey(hint.version);
  if (key !== undefined) return containsKey(wish.specifier, key);
  return intersectRanges(wish.specifier.bounds, minorRange(hint.minor)).length > 0;
}

/** All versions of `3.12`. */
const minorRange = (minor: readonly [number, number]) => parseSpecifier(`==${minor.join(".")}.*`).bounds;

function versionWish(text: string, [, name, version, threads]: RegExpExecArray): VersionWish {
  const implementation = IMPLEMENTATIONS[(name ?? "").toLowerCase()] ?? "cpython";
  const isFreeThreaded = threads !== undefined;
  if (version === undefined) return { ...anyOf(implementation, { text, specifier: "" }), isFreeThreaded };
  const dotted = version.replace(/^(\d)(\d{1,2})$/, "$1.$2");
  const [major, minor, patch] = dotted.split(".");
  const isWhole = patch !== undefined || /[a-z]/i.test(dotted);
  const specifier = isWhole ? `==${dotted}` : `==${dotted}.*`;
  const wish = { ...anyOf(implementation, { text, specifier }), isFreeThreaded };
  return minor === undefined ? wish : { ...wish, minor: [Number(major), Number.parseInt(minor, 10)] };
}

const anyOf = (implementation: string, said: { text: string; specifier: string }): VersionWish => ({
  kind: "version",
  text: said.text,
  implementation,
  isFreeThreaded: false,
  specifier: parseSpecifier(said.specifier),
});

function pathWish(text: string, place: RequestPlace): PathWish {
  const expanded = text === "~" || /^~[/\\]/.test(text) ? path.join(place.home, text.slice(1)) : text;
  return { kind: "path", text, path: path.resolve(place.cwd, expanded) };
}
