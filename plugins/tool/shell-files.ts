import path from "node:path";

export interface ShellPlace {
  readonly shell: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly bin: string;
}
/** A file that a shell reads when it starts, and the line it has to have. */
export interface ShellFile {
  readonly file: string;
  readonly line: string;
}

/**
 * The files that make a folder part of PATH in new shells, by the name of the shell's program; undefined for a shell nobody
 * knows. Pure. bash reads one file when it is logged into and another one when it is not.
 */
export function shellFiles({ shell, home, env, bin }: ShellPlace): readonly ShellFile[] | undefined {
  const at = (...parts: readonly string[]): string => path.join(home, ...parts);
  const posixLine = `export PATH=${quoted(bin, home)}:"$PATH"`;
  switch (shell) {
    case "bash":
      return [".bashrc", ".profile"].map((name) => ({ file: at(name), line: posixLine }));
    case "zsh":
      return [{ file: path.join(env["ZDOTDIR"] ?? home, ".zshenv"), line: posixLine }];
    case "fish": {
      const folder = path.join(env["XDG_CONFIG_HOME"] ?? at(".config"), "fish", "conf.d");
      return [{ file: path.join(folder, "pybun.fish"), line: `fish_add_path --path ${quoted(bin, home)}` }];
    }
    case "sh":
    case "dash":
    case "ksh":
      return [{ file: at(".profile"), line: posixLine }];
    default:
      return undefined;
  }
}

/** A path in double quotes, which POSIX shells and fish read alike; below home, so that the file can be shared by machines. */
function quoted(file: string, home: string): string {
  const relative = path.relative(home, file);
  const isBelow = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  const escaped = (text: string): string => text.replace(/["\\$`]/g, "\\$&");
  return isBelow ? `"$HOME/${escaped(relative)}"` : `"${escaped(file)}"`;
}
