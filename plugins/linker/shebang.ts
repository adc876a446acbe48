/** Linux before 5.1 reads no more of the first line; others read more. */
const LONGEST = 127;

/**
 * The first lines of a script that is run by `python`: a plain `#!` where the system can read it, else a line of shell that
 * Python takes for a string (SPEC LNK-04).
 */
export function shebang(python: string): string {
  const plain = `#!${python}\n`;
  if (Buffer.byteLength(plain) <= LONGEST && !/[\s\\]/.test(python)) return plain;
  if (!/[\\\n]|'''/.test(python)) return `#!/bin/sh\n'''exec' ${quoted(python)} "$0" "$@"\n' '''\n`;
  // A path that Python's string would change is left to the shell: the interpreter lies beside the script.
  const name = python.slice(python.lastIndexOf("/") + 1);
  return `#!/bin/sh\n'''exec' "$(dirname -- "$(realpath -- "$0")")"/'${name}' "$0" "$@"\n' '''\n`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'"'"'`)}'`;

/** What starts a console or GUI script (entry points specification). */
export interface EntryScript {
  readonly module: string;
  /** Dotted. */
  readonly attribute: string;
}

/** The text of an entry point's script. */
export function entryScript(python: string, { module, attribute }: EntryScript): string {
  const first = attribute.split(".", 1)[0];
  return `${shebang(python)}import sys\nfrom ${module} import ${first}\n\nif __name__ == "__main__":\n    sys.exit(${attribute}())\n`;
}

const PYTHON_LINE = /^#!python(w?)[^\n]*\r?\n?/;

/** A script of a wheel whose first line is `#!python` or `#!pythonw`, made to run in the environment; undefined for others. */
export function rewriteShebang(content: Uint8Array, python: string): Uint8Array | undefined {
  const start = Buffer.from(content.subarray(0, 512)).toString("latin1");
  const line = PYTHON_LINE.exec(start);
  if (!line) return undefined;
  return Buffer.concat([Buffer.from(shebang(python)), content.subarray(line[0].length)]);
}
