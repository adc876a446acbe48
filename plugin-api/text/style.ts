import type { Paint, TextStyle } from "../report.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What is known of one output stream. */
export interface StreamFacts {
  readonly isTerminal: boolean;
  readonly hasColor: boolean;
  /** Symbols beyond ASCII may be written. */
  readonly isUnicode: boolean;
  /** Asked for only when a width is needed, since finding it out costs. */
  readonly columns: () => number;
  readonly verbosity: number;
  readonly isQuiet: boolean;
}

/** SPEC COL-01: the flag or setting, `NO_COLOR`, `FORCE_COLOR`, then whether the stream is a terminal that can. */
export function wantsColor(choice: "auto" | "always" | "never", env: Env, isTerminal: boolean): boolean {
  if (choice !== "auto") return choice === "always";
  if (env["NO_COLOR"]) return false;
  const force = env["FORCE_COLOR"];
  if (force) return force !== "0" && force !== "false";
  return isTerminal && env["TERM"] !== "dumb";
}

/** Whether the locale's encoding is UTF-8; where no locale is set, systems that use it throughout count. */
export function isUtf8Locale(env: Env, platform: string): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"];
  if (locale) return /utf-?8/i.test(locale);
  return platform === "darwin" || (platform === "win32" && env["WT_SESSION"] !== undefined);
}

const paint =
  (open: number | string, close: number | string): Paint =>
  (text) =>
    text === "" ? "" : `\u001b[${open}m${text}\u001b[${close}m`;
const plain: Paint = (text) => text;

/** The 16 colours of the terminal's theme only; closers leave other attributes as they are, so that roles nest. */
const COLORS = {
  err: paint("1;31", "22;39"),
  warn: paint("1;33", "22;39"),
  hint: paint("1;36", "22;39"),
  cmd: paint(36, 39),
  name: paint(1, 22),
  add: paint(32, 39),
  chg: paint(33, 39),
  del: paint(31, 39),
  ok: paint(32, 39),
  dim: paint(2, 22),
};
type Roles = Readonly<Record<keyof typeof COLORS, Paint>>;
const PLAIN = Object.fromEntries(Object.keys(COLORS).map((role) => [role, plain])) as Roles;

const UNICODE = { arrow: "→", ellipsis: "…", tree: { tee: "├─ ", corner: "└─ ", bar: "│  " } };
const ASCII = { arrow: "->", ellipsis: "...", tree: { tee: "|- ", corner: "`- ", bar: "|  " } };

/** Roles, symbols and width for one stream. */
export function textStyle({ isTerminal, hasColor, isUnicode, columns, verbosity, isQuiet }: StreamFacts): TextStyle {
  let width: number | undefined;
  return {
    isTerminal,
    verbosity,
    isQuiet,
    ...(hasColor ? COLORS : PLAIN),
    ...(isUnicode ? UNICODE : ASCII),
    get width() {
      width ??= isTerminal ? columns() : Number.POSITIVE_INFINITY;
      return width;
    },
  };
}

const SYMBOLS: Readonly<Record<string, string>> = {
  "→": "->",
  "…": "...",
  "├─": "|-",
  "└─": "`-",
  "│": "|",
  "≥": ">=",
  "≤": "<=",
  "×": "x",
};

/** The symbols of PyBun's own sentences as the stream writes them. */
export const inStyle = (text: string, style: TextStyle): string =>
  style.arrow === ASCII.arrow ? text.replace(/→|…|├─|└─|│|≥|≤|×/g, (symbol) => SYMBOLS[symbol] as string) : text;

// oxlint-disable no-control-regex -- control characters are what these remove
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g;
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without the escape sequences of terminals (colours, cursor, titles, links). */
export const withoutEscapes = (text: string): string => (text.includes("\u001b") ? text.replace(ESCAPES, "") : text);

/** Text of others (a package, a build log) without escape sequences and control characters; tabs and line ends stay. */
export const withoutControls = (text: string): string => withoutEscapes(text).replace(CONTROLS, "");

const kept = (facts: Partial<StreamFacts>): TextStyle =>
  textStyle({
    isTerminal: false,
    hasColor: false,
    isUnicode: false,
    columns: () => 80,
    verbosity: 0,
    isQuiet: false,
    ...facts,
  });

/** For text that is kept, to be said again: to a file or another program, and to a terminal. */
export const PLAIN_TEXT: TextStyle = kept({});
export const COLORED_TEXT: TextStyle = kept({ hasColor: true });
/** For what is drawn on a terminal with or without symbols beyond ASCII, and does not depend on its width. */
export const terminalText = (isUnicode: boolean): TextStyle => kept({ isTerminal: true, hasColor: true, isUnicode });
