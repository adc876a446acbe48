import { test } from "uvu";
import * as assert from "uvu/assert";
import { lockTargets } from "../../test/conformance/pep/lock-targets.ts";
import { PybunError } from "../error.ts";
import { parsePylock } from "./pylock.ts";
import { type PylockChoice, selectPylock } from "./pylock-select.ts";

const file = (name: string): string => `{ url = "https://e.x/${name}", hashes = { sha256 = "0" } }`;
const entry = (text: string): string => `\n[[packages]]\nname = "a"\nversion = "1"\n${text}\n`;
const wheels = (...tags: readonly string[]): string =>
  `wheels = [${tags.map((tag) => file(`a-1-${tag}.whl`)).join(", ")}]`;
const sdist = `sdist = ${file("a-1.tar.gz")}`;

interface Case {
  readonly what: string;
  readonly head?: string;
  readonly packages: string;
  readonly choice?: PylockChoice;
  /** File names or kinds, joined; or the message of the refusal. */
  readonly expected: string | RegExp;
}
const CASES: readonly Case[] = [
  {
    what: "the wheel that fits best is taken, wherever it stands",
    packages: entry(wheels("py3-none-any", "cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-win_amd64")),
    expected: "a-1-cp312-cp312-manylinux_2_17_x86_64.whl",
  },
  {
    what: "an sdist stands in for wheels that don't fit",
    packages: entry(`${wheels("cp312-cp312-win_amd64")}\n${sdist}`),
    expected: "a-1.tar.gz",
  },
  {
    what: "an sdist is taken where it is preferred",
    packages: entry(`${wheels("py3-none-any")}\n${sdist}`),
    choice: { prefersSdist: (name) => name === "a" },
    expected: "a-1.tar.gz",
  },
  { what: "no file that fits", packages: entry(wheels("cp312-cp312-win_amd64")), expected: /`a 1` has no wheel/ },
  {
    what: "entries of extras nobody wants are left out",
    packages: entry(`marker = "'x' in extras"\n${sdist}`),
    expected: "",
  },
  {
    what: "default groups hold when none is named",
    head: 'default-groups = ["dev"]\n',
    packages: entry(`marker = "'dev' in dependency_groups"\n${sdist}`),
    expected: "a-1.tar.gz",
  },
  {
    what: "an empty list of groups is none",
    head: 'default-groups = ["dev"]\n',
    packages: entry(`marker = "'dev' in dependency_groups"\n${sdist}`),
    choice: { dependencyGroups: [] },
    expected: "",
  },
  { what: "two entries at once", packages: entry(sdist) + entry(sdist), expected: /two entries of `a` apply at once/ },
  {
    what: "forks exclude each other",
    packages: entry(`marker = "os_name == 'nt'"\n${sdist}`) + entry('directory = { path = "." }'),
    expected: "directory",
  },
  {
    what: "another Python",
    head: 'requires-python = ">=3.13"\n',
    packages: "packages = []",
    expected: /for Python >=3\.13/,
  },
  {
    what: "another platform",
    head: "environments = [\"sys_platform == 'win32'\"]\n",
    packages: "packages = []",
    expected: /for other environments/,
  },
  {
    what: "a marker without a meaning is refused, not taken for false",
    packages: entry(`marker = "extra == 'x'"\n${sdist}`),
    expected: /without a meaning/,
  },
];

for (const { what, head = "", packages, choice, expected } of CASES)
  test(what, () => {
    const lock = parsePylock(`lock-version = "1.0"\ncreated-by = "x"\n${head}${packages}`);
    const select = () => selectPylock(lock, lockTargets["cp312-linux"]!, choice);
    if (typeof expected === "string")
      return assert.is(
        select()
          .map(({ pick }) => ("file" in pick ? pick.file.filename : pick.kind))
          .join(" "),
        expected,
      );
    assert.throws(
      select,
      (error: unknown) => error instanceof PybunError && error.code === "E_LOCK_TARGET" && expected.test(error.message),
    );
  });

test.run();
