/** A stretch of TypeScript source: code, the inside of a string or template, or a comment. */
export interface Token {
  readonly kind: "code" | "string" | "comment";
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%~^<>\n]|\b(?:return|typeof|case|in|of|do|else|yield|await))\s*$/;

/**
 * Splits source text so that a rule can look at code without being deceived by a string or a comment. Regular
 * expressions count as strings; the inside of `${}` in a template is code again.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const templateDepths: number[] = [];
  let depth = 0;
  let line = 1;
  let code = "";
  let at = 0;

  const push = (kind: Token["kind"], text: string): void => {
    if (text !== "" || kind === "string") tokens.push({ kind, text, line });
    line += text.split("\n").length - 1;
  };
  const flush = (): void => {
    push("code", code);
    code = "";
  };
  const take = (kind: Token["kind"], end: number, trim = 0): void => {
    flush();
    push(kind, source.slice(at + Math.min(trim, 1), end - trim));
    at = end;
  };
  const endTemplatePart = (): void => {
    const end = templateEnd(source, at + 1);
    flush();
    push("string", source.slice(at + 1, end));
    if (source[end] === "$") templateDepths.push(depth++);
    at = end + (source[end] === "$" ? 2 : 1);
  };

  while (at < source.length) {
    const char = source[at] as string;
    const pair = source.slice(at, at + 2);
    if (pair === "//") take("comment", indexOrEnd(source, "\n", at));
    else if (pair === "/*") take("comment", indexOrEnd(source, "*/", at) + 2);
    else if (char === '"' || char === "'") take("string", quotedEnd(source, at, char), 1);
    else if (char === "`") endTemplatePart();
    else if (char === "/" && BEFORE_REGEX.test(lastCode(tokens) + code)) take("string", regexEnd(source, at), 1);
    else if (char === "}" && templateDepths.at(-1) === depth - 1) {
      depth = templateDepths.pop() as number;
      endTemplatePart();
    } else {
      if (char === "{") depth++;
      if (char === "}") depth--;
      code += char;
      at++;
    }
  }
  flush();
  return tokens;
}

const lastCode = (tokens: readonly Token[]): string =>
  tokens.at(-1)?.kind === "string" ? '"' : (tokens.findLast((token) => token.kind === "code")?.text ?? "");

const indexOrEnd = (source: string, text: string, from: number): number => {
  const found = source.indexOf(text, from);
  return found === -1 ? source.length : found;
};

function quotedEnd(source: string, start: number, quote: string): number {
  let at = start + 1;
  while (at < source.length && source[at] !== quote) at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Index of the closing backtick, or of the `$` of a `${`. */
function templateEnd(source: string, start: number): number {
  let at = start;
  while (at < source.length && source[at] !== "`" && source.slice(at, at + 2) !== "${") {
    at += source[at] === "\\" ? 2 : 1;
  }
  return at;
}

function regexEnd(source: string, start: number): number {
  let inClass = false;
  for (let at = start + 1; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "\n") return at;
    else if (char === "/" && !inClass) return at + 1;
  }
  return source.length;
}
