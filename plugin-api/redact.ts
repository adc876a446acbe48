import { isSecretName, isSuspectJson, MASK, maskByPattern } from "./redact-rules.ts";

/**
 * The one gate for text that leaves the process (SPEC RED-01 to RED-03): every secret value loaded in this run, in each
 * form it may take, everything that looks like one, and the home directory's path.
 */
export interface Redactor {
  /** Secrets masked and the home directory written `~`: for logs, JSON, bundles, telemetry. */
  readonly redactText: (text: string) => string;
  /** Secrets masked, paths left as they are: for results on a terminal or in a pipe that the user pastes from. */
  readonly redactSecrets: (text: string) => string;
  /** A replacer for `JSON.stringify`: strings go through `redactText`, those under a secret's name are masked whole. */
  readonly redactEntry: (key: string, value: unknown) => unknown;
  /** As `redactEntry`, with paths left as they are: for results a program goes on with. */
  readonly maskEntry: (key: string, value: unknown) => unknown;
  /** Whether JSON is as it would be with every text of it through `maskEntry`; may say no of what is. */
  readonly isClean: (json: string) => boolean;
  /**
   * Makes a value known as a secret from now on, also shell-escaped, percent-encoded and as JSON writes it. Values of
   * fewer than four characters are left out: masking them would garble every line. An `exchange-key` keeps its first
   * four and last two characters, so that its owner can tell which one it is.
   */
  readonly addSecret: (value: string, kind?: "exchange-key") => void;
}

/** Where a redactor starts from. */
export interface RedactorStart {
  /** Home directory, absolute; the empty text for none. */
  readonly home: string;
  /** Values known to be secret, such as `secretsIn(env)`. */
  readonly secrets?: Iterable<string>;
}

const SHORTEST = 4;
/** A table whose keys are data, such as paths, would make the memory of keys as large as itself. */
const MOST_KEYS = 1000;
/** Values a variable with a telling name has when it is a switch or a path's absence; masking them would hide words. */
const NO_SECRET = /^(?:true|false|none|null|auto|disabled?|enabled?|\d{1,5})$/i;

/** Makes a redactor. Clean text costs one pass of a regular expression and a search for the home directory. */
export function createRedactor({ home, secrets = [] }: RedactorStart): Redactor {
  const known: { readonly value: string; readonly pattern: RegExp; readonly mask: string }[] = [];
  const addSecret = (value: string, kind?: "exchange-key"): void => {
    if (value.length < SHORTEST || known.some((other) => other.value === value)) return;
    const mask = kind === "exchange-key" && value.length > 12 ? value.slice(0, 4) + MASK + value.slice(-2) : MASK;
    known.push({ value, pattern: patternOf(value), mask });
    // The longest first, so that a secret inside another one can't leave part of it behind.
    known.sort((a, b) => b.value.length - a.value.length);
  };
  for (const secret of secrets) addSecret(secret);
  const redactSecrets = (text: string): string => {
    let masked = text;
    for (const { pattern, mask } of known) masked = masked.replace(pattern, () => mask);
    return maskByPattern(masked);
  };
  const homes = homePattern(home);
  const redactText = (text: string): string => {
    const masked = redactSecrets(text);
    return homes ? masked.replace(homes, "~") : masked;
  };
  return {
    redactText,
    redactSecrets,
    redactEntry: entryWith(redactText),
    maskEntry: entryWith(redactSecrets),
    isClean: (json) => !isSuspectJson(json) && known.every(({ pattern }) => json.search(pattern) < 0),
    addSecret,
  };
}

/** A result of thousands of rows has a handful of keys, each of which is judged once. */
function entryWith(redact: (text: string) => string): Redactor["redactEntry"] {
  const known = new Map<string, boolean>();
  return (key, value) => {
    if (typeof value !== "string" || value === "") return value;
    let isSecret = known.get(key);
    if (isSecret === undefined) {
      isSecret = isSecretName(key);
      if (known.size < MOST_KEYS) known.set(key, isSecret);
    }
    return isSecret ? MASK : redact(value);
  };
}

/** The secrets among environment variables: values of variables with a telling name, and passwords in URLs. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value.length < SHORTEST || NO_SECRET.test(value)) continue;
    if (isSecretName(name)) found.push(value);
    if (value.includes("@"))
      for (const match of value.matchAll(/:\/\/[^\s/?#@:]*:([^\s/]+)@/g)) found.push(...decoded(match[1] as string));
  }
  return found;
}

/** Credentials stand percent-encoded in a URL and plain in a header. */
function decoded(text: string): readonly string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/** A value as it is and as shells, URLs, forms, JSON and Python's `repr` write it, also mixed. */
function patternOf(value: string): RegExp {
  const parts = Array.from(value, (char) => (/[A-Za-z0-9]/.test(char) ? char : `(?:${formsOf(char).join("|")})`));
  return new RegExp(parts.join(""), "g");
}

function formsOf(char: string): readonly string[] {
  const percent = Array.from(Buffer.from(char), (byte) => `%${hex(byte, 2)}`).join("");
  const units = Array.from({ length: char.length }, (_, index) => `\\\\u${hex(char.charCodeAt(index), 4)}`).join("");
  const json = JSON.stringify(char).slice(1, -1);
  return [
    ...(char === "'" ? ["'\\\\''"] : []),
    ...(char === " " ? ["\\+"] : []),
    ...(json === char || json.startsWith("\\u") ? [] : [escaped(json)]),
    `\\\\{0,3}${escaped(char)}`,
    percent,
    units,
  ];
}

/** Hexadecimal digits, letters in either case. */
const hex = (value: number, digits: number): string =>
  value
    .toString(16)
    .padStart(digits, "0")
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** The home directory as a whole path component, with either separator, also inside URLs and JSON. */
function homePattern(home: string): RegExp | undefined {
  const bare = home.replace(/[/\\]+$/, "");
  if (bare.length < 2) return undefined;
  const parts = bare.split(/[/\\]/).map(escaped).join("(?:/|\\\\{1,2})");
  return new RegExp(`(?<![\\w.~-])${parts}(?![\\w-]|\\.\\w)`, /^[A-Za-z]:/.test(bare) ? "gi" : "g");
}
