/** What is watched when nobody says otherwise: what a running program is made of. */
export const DEFAULT_INCLUDE: readonly string[] = [
  "**/*.py",
  "**/*.{html,htm,jinja,jinja2,j2,mako}",
  "**/*.{toml,cfg,ini}",
  "**/.env",
  "**/.env.*",
];

/** What is never meant (SPEC WAT-04): what tools make, and what editors leave for a moment. */
export const DEFAULT_EXCLUDE: readonly string[] = [
  ".git .hg .svn __pycache__ .venv venv .pybun node_modules dist build",
  ".tox .nox .mypy_cache .ruff_cache .pytest_cache *.egg-info site-packages",
  "*~ .*.sw? .#* #*# *.tmp 4913 .goutputstream-* *___jb_tmp___ *___jb_old___",
].flatMap((line) => line.split(" "));

export interface Patterns {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Says of a path, relative to the watched folder and with `/`, whether the patterns mean it. */
export interface Matcher {
  isWatchedFile(relative: string): boolean;
  /** A folder or file that is left out, and with it all that is below. */
  isExcluded(relative: string): boolean;
}

export function matcher({ include, exclude }: Patterns): Matcher {
  const wanted = include.map(globExpression);
  const unwanted = exclude.map(globExpression);
  return {
    isWatchedFile: (relative) => wanted.some((expression) => expression.test(relative)),
    isExcluded: (relative) => unwanted.some((expression) => expression.test(relative)),
  };
}

/**
 * A glob as git reads it: without a slash it means a name at any depth, with one a path from the watched folder. `*` and `?` stay
 * within a name, `**` crosses folders; `[…]` and `{a,b}` are as in shells.
 */
export function globExpression(glob: string): RegExp {
  const plain = glob.replace(/^\.?\//, "").replace(/\/$/, "");
  const isName = !glob.replace(/\/$/, "").includes("/");
  const body = plain.replace(/\*\*\/|\/\*\*$|\*\*|\*|\?|\[!?[^\]/]+\]|\{[^{}]*\}|[\\^$.|+()[\]{}]/g, translate);
  return new RegExp(`^${isName ? "(?:.*/)?" : ""}${body}$`);
}

function translate(piece: string): string {
  if (piece === "**/") return "(?:.*/)?";
  if (piece === "/**") return "/.*";
  if (piece === "**") return ".*";
  if (piece === "*") return "[^/]*";
  if (piece === "?") return "[^/]";
  if (piece.length > 1 && piece.startsWith("[")) return piece.replace(/^\[!/, "[^");
  if (piece.length > 1 && piece.startsWith("{")) {
    const words = piece.slice(1, -1).split(",");
    return `(?:${words.map((word) => globExpression(`/${word}`).source.slice(1, -1)).join("|")})`;
  }
  return `\\${piece}`;
}
