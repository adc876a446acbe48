import type { Observed } from "./observe.ts";
import type { Program } from "./programs.ts";

/** What is not the same, a line each; nothing where all is. */
export function differences(program: Program, wanted: Observed, found: Observed): readonly string[] {
  const [a, b] = [flat(wanted), flat(found)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) => {
    const [left, right] = [a[name], b[name]].map((text) => (text === undefined ? text : without(program, text)));
    return left === right ? [] : [`${name}: python ${show(left, right)}, pybun ${show(right, left)}`];
  });
}

const flat = ({ files, ...rest }: Observed): Record<string, string> => ({
  ...rest,
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`file ${name}`, text])),
});

const without = ({ differs }: Program, text: string): string =>
  differs.reduce((rest, { pattern }) => rest.replace(pattern, "…"), text);

/** What a program does whose declared differences all show. */
export function whenServed({ name, served }: Program, plain: Observed): Observed {
  const missing = served.find(({ python }) => !Object.values(flat(plain)).some((text) => text.includes(python)));
  if (missing !== undefined) throw new Error(`${name}: python itself does not show ${missing.python}`);
  const change = (text: string): string =>
    served.reduce((rest, { python, pybun }) => rest.replaceAll(python, pybun), text);
  return {
    stdout: change(plain.stdout),
    stderr: change(plain.stderr),
    status: plain.status,
    files: Object.fromEntries(Object.entries(plain.files).map(([file, text]) => [file, change(text)])),
  };
}

const AROUND = 200;

/** The text from a little before the place where it begins to be another one. */
function show(text: string | undefined, other: string | undefined): string {
  if (text === undefined) return "has none";
  const length = Math.min(text.length, other?.length ?? 0);
  let at = 0;
  while (at < length && text[at] === other?.[at]) at += 1;
  const from = Math.max(0, at - 60);
  return JSON.stringify(`${from > 0 ? "…" : ""}${text.slice(from, at + AROUND)}`);
}
