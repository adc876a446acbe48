/** One entry of a netrc file; `machine` is undefined for `default`. */
export interface NetrcEntry {
  readonly machine: string | undefined;
  readonly login: string;
  readonly password: string;
}

/** A text that is no netrc file. */
export class NetrcSyntax extends Error {
  override readonly name = "NetrcSyntax";
}

/**
 * Reads a netrc file as GNU inetutils and Python describe it: `machine`, `default`, `login` (or `user`), `account`,
 * `password`, `macdef`; tokens may be quoted, with backslashes; `#` begins a comment where a keyword could stand. Throws
 * `NetrcSyntax` with the line, never with a value.
 */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const tokens = reader(text);
  const entries: { machine: string | undefined; login: string; password: string }[] = [];
  for (let word = tokens.next(); word !== undefined; word = tokens.next()) {
    const entry = entries.at(-1);
    if (word.startsWith("#")) tokens.skipLine();
    else if (word === "machine") entries.push({ machine: tokens.value().toLowerCase(), login: "", password: "" });
    else if (word === "default") entries.push({ machine: undefined, login: "", password: "" });
    else if (word === "macdef") tokens.skipMacro();
    else if (entry && (word === "login" || word === "user")) entry.login = tokens.value();
    else if (entry && word === "password") entry.password = tokens.value();
    else if (entry && word === "account") tokens.value();
    else throw tokens.fault();
  }
  return entries;
}

function reader(text: string) {
  let at = 0;
  const fault = () => new NetrcSyntax(`line ${text.slice(0, at).trimEnd().split("\n").length} can't be understood`);
  const next = (): string | undefined => {
    while (at < text.length && /\s/.test(text[at] as string)) at++;
    if (at >= text.length) return undefined;
    return text[at] === '"' ? quoted() : bare();
  };
  const bare = (): string => {
    const start = at;
    while (at < text.length && !/\s/.test(text[at] as string)) at++;
    return text.slice(start, at).replace(/\\(.)/g, "$1");
  };
  const quoted = (): string => {
    let word = "";
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      if (at >= text.length) throw fault();
      word += text[at];
    }
    at++;
    return word;
  };
  const endOfLine = (from: number): number => {
    const end = text.indexOf("\n", from);
    return end < 0 ? text.length : end;
  };
  return {
    next,
    fault,
    value: (): string => {
      const value = next();
      if (value === undefined) throw fault();
      return value;
    },
    skipLine: (): void => void (at = endOfLine(at)),
    /** A macro ends with the first empty line. */
    skipMacro: (): void => {
      const end = /\n[ \t\r]*(?:\n|$)/.exec(text.slice(at));
      at = end ? at + end.index + end[0].length : text.length;
    },
  };
}
