// Also part of the start of the executable: it imports nothing.

/** Statements at the beginning of a line: what is indented may never run, or be caught where it fails. */
const STATEMENT =
  /^(?:from[ \t]+(\.*[A-Za-z_][\w.]*|\.+)[ \t]+import\b|import[ \t]+((?:[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?[ \t]*,[ \t]*)*[A-Za-z_][\w.]*(?:[ \t]+as[ \t]+\w+)?)[ \t]*(?:$|[#;\r]))/gm;
/** Who changes where modules are looked for can't be told what is missing. */
const CHANGES_PATH = /\bsys\.(?:path|meta_path|modules)\b|\baddsitedir\b|\b__path__\b|\bextend_path\b/;
const MOST_CHARACTERS = 200_000;

/**
 * Modules that a program's text imports in any case, as they are written, without doubles; none where that can't be told. Relative ones
 * begin with a dot.
 */
export function importedModules(text: string): readonly string[] {
  if (text.length > MOST_CHARACTERS || CHANGES_PATH.test(text)) return [];
  const names = new Set<string>();
  for (const [, from, list = ""] of text.matchAll(STATEMENT))
    for (const name of from === undefined ? list.split(",") : [from]) names.add(name.trim().split(/\s/, 1)[0] ?? "");
  return [...names];
}

/** Top-level name of a module. */
export const topOf = (module: string): string => module.split(".", 1)[0] ?? "";

/** What stands among known names for a module that was run itself (`-m`), and lacked nothing. */
export const runOf = (module: string): string => `-m:${module}`;

/** Whether the modules that are no relative ones are below the names in `known`, which has a blank before and behind each. */
export const areKnown = (modules: readonly string[], known: string): boolean =>
  modules.every(
    (module) => module.startsWith(".") || known.includes(` ${module.startsWith("-") ? module : topOf(module)} `),
  );
