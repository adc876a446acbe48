import { subjectBit } from "./marker-variable.ts";

/** Texts of marker variables that go together. Interned: one object for each variable and text. */
export interface Fact {
  readonly id: number;
  readonly values: ReadonlyMap<string, string>;
  /** Bits of the variables. */
  readonly subjects: number;
}

type Row = readonly [value: string, follows: Readonly<Record<string, string>>];

// What follows from `sys_platform` holds both ways where a system's name is given: nothing else calls itself so. The names of
// the BSDs carry a version in one variable and none in the other, so nothing can be said of them. `os_name` is left open but
// for `nt`: other resolvers do so, and where a lock forks depends on it.
const PLATFORMS: readonly Row[] = [
  ["win32", { platform_system: "Windows", os_name: "nt" }],
  ["linux", { platform_system: "Linux" }],
  ["darwin", { platform_system: "Darwin" }],
  ["android", { platform_system: "Android" }],
  ["aix", { platform_system: "AIX" }],
  ["emscripten", { platform_system: "Emscripten" }],
];

const IMPLEMENTATIONS: readonly Row[] = [
  ["CPython", { implementation_name: "cpython" }],
  ["PyPy", { implementation_name: "pypy" }],
  ["GraalVM", { implementation_name: "graalpy" }],
];

const ROWS: Readonly<Record<string, ReadonlyMap<string, Readonly<Record<string, string>>>>> = {
  sys_platform: new Map(PLATFORMS),
  platform_python_implementation: new Map(IMPLEMENTATIONS),
};

/** Variables whose text another one decides, as `variable text` → `[deciding variable, its text]`. */
const decidedBy = new Map<string, readonly [subject: string, value: string]>();
for (const [subject, rows] of Object.entries(ROWS)) {
  for (const [value, follows] of rows) {
    for (const [variable, text] of Object.entries(follows)) {
      decidedBy.set(`${variable} ${text}`, [subject, value]);
    }
  }
}

/** The comparison that says the same of a variable further up: `platform_system` `Windows` → `sys_platform` `win32`. */
export const sameAs = (subject: string, value: string): readonly [subject: string, value: string] =>
  decidedBy.get(`${subject} ${value}`) ?? [subject, value];

const facts = new Map<string, Fact>();

/** What is known where a marker variable has a text. */
export function factOf(subject: string, value: string): Fact {
  const key = `${subject} ${value}`;
  const hit = facts.get(key);
  if (hit !== undefined) return hit;
  const values = new Map([[subject, value], ...Object.entries(ROWS[subject]?.get(value) ?? {})]);
  const subjects = [...values.keys()].reduce((bits, each) => bits | subjectBit(each), 0);
  const made = Object.freeze({ id: facts.size, values, subjects });
  facts.set(key, made);
  return made;
}
