/** What hides a secret. */
export const MASK = "***";

/** One pattern of SPEC RED-02: `test` is cheap and says whether `pattern` is worth trying. */
interface Rule {
  readonly test: RegExp;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const KEY_WORD = "(?:token|secret|password|passwd|api[-_]?key|private)";
/** Bounded, so that a long line of dots and letters can't make it quadratic. */
const KEY = `[\\w.-]{0,64}${KEY_WORD}[\\w.-]{0,64}`;
/** A double or single quoted text, where a backslash keeps the quote inside. */
const QUOTED = `"(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*'`;
const ANY_KEY_WORD = new RegExp(KEY_WORD, "i");

const PRESIGNED = [
  "X-Amz-(?:Signature|Credential|Security-Token)",
  "X-Goog-(?:Signature|Credential)",
  "AWSAccessKeyId",
  "Key-Pair-Id",
  "Signature",
  "Policy",
  "sig",
  "auth",
  "jwt",
].join("|");

/** Prefixes of tokens; what else a token must have keeps package names such as `pypi-attestations` readable. */
const TOKENS = [
  "pypi-(?=[\\w-]*[A-Z]|[\\w-]{32})[\\w-]{8,}",
  "gh[porsu]_[A-Za-z0-9]{8,}",
  "github_pat_\\w{8,}",
  "glpat-[\\w-]{8,}",
  "xox[a-z]-[\\w-]{6,}",
  "sk-(?=[\\w-]*[A-Z0-9])[\\w-]{16,}",
  "AKIA[0-9A-Z]{8,}",
  "npm_[A-Za-z0-9]{12,}",
  "eyJ[\\w-]{10,}(?:\\.[\\w-]+){0,2}",
].join("|");

/** In the order they apply: larger units first, so that a smaller rule can't leave part of one behind. */
const RULES: readonly Rule[] = [
  {
    test: /-----BEGIN /,
    pattern: /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g,
    replacement: MASK,
  },
  {
    test: /:\/\/[^@]*@/,
    // Up to the last `@` of the authority; a password with an unescaped `/`, `?` or `#` is seen by the `:` that no port follows.
    // `git@` is what everybody is called there, and no secret (PEP 610).
    pattern:
      /\b([a-z][a-z0-9+.-]{1,20}:\/\/)(?!git@[^\s/?#@"'<>`]*(?:[\s/?#"'<>`]|$))(?:[^\s/?#"'<>`]*|[^\s/?#@:"'<>`]+:(?!\d{0,5}(?:[/?#]|$))[^\s"'<>`]*)@/gi,
    replacement: `$1${MASK}@`,
  },
  {
    test: /authorization|cookie|x-[a-z0-9-]*token/i,
    pattern: new RegExp(
      `\\b((?:proxy-)?authorization|(?:set-)?cookie|x-(?:[a-z0-9-]{0,40}-)?token)(["']?\\s*[:=]\\s*)(?:${QUOTED}|[^\\r\\n]+)`,
      "gi",
    ),
    replacement: `$1$2${MASK}`,
  },
  {
    test: ANY_KEY_WORD,
    pattern: new RegExp(`(?<![\\w-])(--?${KEY})([ =])(?:${QUOTED}|(?![-<[])[^\\s\`]+)`, "gi"),
    replacement: `$1$2${MASK}`,
  },
  {
    test: ANY_KEY_WORD,
    pattern: new RegExp(`([?&;]${KEY})=[^&;\\s#"'\`]+`, "gi"),
    replacement: `$1=${MASK}`,
  },
  {
    test: ANY_KEY_WORD,
    // `tokenize-rt==6.2` asks for a version of a package.
    pattern: new RegExp(`(?<![\\w.?&;-])(${KEY}) ?=(?!=\\d) ?(?:${QUOTED}|(?:\\\\.|[^\\s"'\`\\\\])+)`, "gi"),
    replacement: `$1=${MASK}`,
  },
  {
    test: ANY_KEY_WORD,
    pattern: new RegExp(`(["'])(${KEY})\\1(\\s*:\\s*)(?:${QUOTED})`, "gi"),
    replacement: `$1$2$1$3"${MASK}"`,
  },
  {
    test: /[?&]/,
    pattern: new RegExp(`([?&](?:${PRESIGNED}))=[^&\\s#"'\`]+`, "gi"),
    replacement: `$1=${MASK}`,
  },
  {
    test: /pypi-|gh[porsu]_|github_pat_|glpat-|xox|sk-|AKIA|npm_|eyJ/,
    pattern: new RegExp(`(?<![A-Za-z0-9])(?:${TOKENS})`, "g"),
    replacement: MASK,
  },
];

/** One look that clean text passes at once. */
const SUSPECT =
  /@|[?&]|-----BEGIN |token|secret|passw|api[-_]?key|private|authorization|cookie|pypi-|gh[porsu]_|github_pat_|glpat-|xox|sk-|AKIA|npm_|eyJ/i;

const SUSPECT_JSON = new RegExp(`${SUSPECT.source}|credential|_auth"`, "i");

/** Whether JSON may hold a text that looks like a secret, or one under a secret's name. */
export const isSuspectJson = (json: string): boolean => SUSPECT_JSON.test(json);

/** Text with everything masked that looks like a secret by its place or form (SPEC RED-02). */
export function maskByPattern(text: string): string {
  if (!SUSPECT.test(text)) return text;
  let masked = text;
  for (const { test, pattern, replacement } of RULES)
    if (test.test(masked)) masked = masked.replace(pattern, replacement);
  return masked;
}

/** The name of a variable, header or field whose value is a secret. */
export const isSecretName = (name: string): boolean =>
  ANY_KEY_WORD.test(name) || /^(?:(?:proxy-)?authorization|(?:set-)?cookie)$|credential|_auth$/i.test(name);
