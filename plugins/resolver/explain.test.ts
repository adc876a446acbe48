import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import { type Asked, ask, releases } from "./ask.fixture.ts";

const test = suite("resolver's explanations");

/** `a 1.3`, `a 1.4`, … */
const numbered = (name: string, [from, to]: readonly [number, number], requires = ""): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${name} 1.${from + i}${requires === "" ? "" : `: ${requires}`}`);

interface Case extends Asked {
  readonly title: string;
  readonly code: string;
  /** Message, evidence (indented by two) and hints, as lines. */
  readonly text: string;
}

const AWS = releases(
  "awscli 1.32.0: s3transfer>=0.9.0,<0.10.0",
  "awscli 1.46.2: s3transfer>=0.10.0,<0.20.0",
  ...numbered("boto3", [34, 34], "s3transfer>=0.9.0,<0.10.0"),
  ...numbered("boto3", [35, 39], "s3transfer>=0.10.0,<0.11.0"),
  ...numbered("boto3", [40, 44], "s3transfer>=0.11.0,<0.20.0"),
  ...["0.8.0", "0.9.0", "0.10.0", "0.11.0", "0.19.0", "0.20.0"].map((version) => `s3transfer ${version}`),
);

const cases: readonly Case[] = [
  {
    title: "two requirements that lead to different versions of a third",
    index: AWS,
    demands: [
      ["awscli==1.32.0", "pyproject.toml:8"],
      ["boto3>=1.35", "pyproject.toml:9"],
    ],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`awscli==1.32.0\` and \`boto3>=1.35\` need different versions of s3transfer
        pyproject.toml:8  awscli==1.32.0
          └─ awscli 1.32.0 requires s3transfer>=0.9.0,<0.10.0
        pyproject.toml:9  boto3>=1.35
          └─ boto3 1.35 to 1.44 (all 10) require s3transfer>=0.10.0,<0.20.0
      hint: take a newer awscli in pyproject.toml:8: write \`awscli==1.46.2\`
      hint: or allow an older boto3 in pyproject.toml:9: write \`boto3>=1.34\` (gives 1.34)`,
  },
  {
    title: "parties that have no part in it are left out",
    index: releases("a 1.0: c<2", "b 1.0: c>=2", "c 1.0", "c 2.0", "d 1.0: c", "e 1.0"),
    demands: ["e", "d", "a", "b"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and \`b\` need different versions of c
        command line  a
          └─ a 1.0 requires c<2
        command line  b
          └─ b 1.0 requires c>=2
      hint: no other versions of what is asked for would do`,
  },
  {
    title: "a direct requirement against an indirect one, some steps away",
    index: releases("a 1.0: b", "b 1.0: c>=1", "c 1.0: d>=2", "d 1.0", "d 2.0"),
    demands: [
      ["a", "app.py:3"],
      ["d<2", "app.py:4"],
    ],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and \`d<2\` need different versions of d
        app.py:3  a
          └─ a 1.0 requires b
             └─ b 1.0 requires c>=1
                └─ c 1.0 requires d>=2
        app.py:4  d<2
      hint: allow a newer d in app.py:4: write \`d<3\` (gives 2.0)`,
  },
  {
    title: "a constraint is a party of its own",
    index: releases("a 1.0: b>=2", "b 1.0", "b 2.0"),
    demands: ["a"],
    constraints: ["b<2"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and the constraint \`b<2\` need different versions of b
        command line             a
          └─ a 1.0 requires b>=2
        constraint limits.txt:1  b<2
      hint: loosen the constraint in limits.txt:1: write \`b<3\` (gives 2.0)`,
  },
  {
    title: "a constraint that nothing matches",
    index: releases("a 1.0: b", "b 1.0"),
    demands: ["a"],
    constraints: ["b>=3"],
    code: "E_RESOLVE_MISSING",
    text: `
      no version of \`b\` matches \`>=3\`
        the only version is 1.0
        command line             a
          └─ a 1.0 requires b
        constraint limits.txt:1  b>=3
      hint: loosen the constraint in limits.txt:1: write \`b>=1.0\` (gives 1.0)`,
  },
  {
    title: "two requirements on one package",
    index: releases("a 1.0", "a 2.0"),
    demands: ["a<2", "a>=2"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a<2\` and \`a>=2\` exclude each other
        command line  a<2
        command line  a>=2
      hint: allow a newer a: ask for \`a<3\` (gives 2.0)
      hint: or allow an older a: ask for \`a>=1.0\` (gives 1.0)`,
  },
  {
    title: "what differs from release to release is told from end to end, in the words of the releases",
    index: releases(
      "a 1.0: b>=1.0.0,<1.1.0",
      "a 2.0: b>=1.1.5,<1.2.0",
      "b 1.0.7: c<2",
      "b 1.1.8: c<2",
      "c 1.0",
      "c 2.0",
    ),
    demands: ["a", "c>=2"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and \`c>=2\` need different versions of c
        command line  a
          └─ a 1.0 and 2.0 require b>=1.0.0,<1.2.0
             └─ b 1.0.7 and 1.1.8 require c<2
        command line  c>=2
      hint: allow an older c: ask for \`c>=1.0\` (gives 1.0)`,
  },
  {
    title: "from end to end would show no conflict",
    index: releases("a 1.0: b==1.0", "a 2.0: b==3.0", "b 1.0", "b 2.0", "b 3.0"),
    demands: ["a", "b==2.0"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and \`b==2.0\` need different versions of b
        command line  a
          ├─ a 1.0 requires b==1.0
          └─ a 2.0 requires b==3.0
        command line  b==2.0
      hint: take a newer b: ask for \`b==3.0\`
      hint: or take an older b: ask for \`b==1.0\``,
  },
  {
    title: "versions that fail for different reasons",
    index: releases("a 1.0: b<2", "a 2.0: c<2", "b 1.0", "b 2.0", "c 1.0", "c 2.0"),
    demands: ["a", "b>=2", "c>=2"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\`, \`b>=2\` and \`c>=2\` need different versions of b and c
        command line  a
          ├─ a 1.0 requires b<2
          └─ a 2.0 requires c<2
        command line  b>=2
        command line  c>=2
      hint: allow an older b: ask for \`b>=1.0\` (gives 1.0)
      hint: or allow an older c: ask for \`c>=1.0\` (gives 1.0)`,
  },
  {
    title: "a package that contradicts itself",
    index: releases("a 1.0: b, c", "b 1.0: d<2", "c 1.0: d>=2", "d 1.0", "d 2.0"),
    demands: ["a"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      what \`a\` requires needs different versions of d
        command line  a
          ├─ a 1.0 requires b
          │  └─ b 1.0 requires d<2
          └─ a 1.0 requires c
             └─ c 1.0 requires d>=2`,
  },
  {
    title: "an extra's requirement",
    index: [{ name: "a", version: "1.0", extras: { x: ["b<2"] } }, ...releases("b 1.0", "b 2.0")],
    demands: ["a[x]", "b>=2"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a[x]\` and \`b>=2\` need different versions of b
        command line  a[x]
          └─ a[x] 1.0 requires b<2
        command line  b>=2
      hint: allow an older b: ask for \`b>=1.0\` (gives 1.0)`,
  },
  {
    title: "a version that does not exist",
    index: releases(...numbered("fastapi", [0, 165])),
    demands: [["fastapi==99", "pyproject.toml:8"]],
    code: "E_RESOLVE_MISSING",
    text: `
      no version of \`fastapi\` matches \`==99\`
        newest is 1.165, 166 versions from 1.0 on
        pyproject.toml:8  fastapi==99
      hint: take an older fastapi in pyproject.toml:8: write \`fastapi==1.165\``,
  },
  {
    title: "a package that does not exist, but another one does",
    index: releases("requests 2.0"),
    demands: [["requets", "pyproject.toml:8"]],
    code: "E_RESOLVE_MISSING",
    text: `
      no package named \`requets\` on any index
        pyproject.toml:8  requets
      hint: did you mean \`requests\`: write \`requests\` in pyproject.toml:8`,
  },
  {
    title: "a package that does not exist, nor the one with a near name",
    index: releases("a 1.0"),
    demands: ["a", "requets"],
    code: "E_RESOLVE_MISSING",
    text: `
      no package named \`requets\` on index \`company\``,
  },
  {
    title: "a package that another one needs and nobody has",
    index: releases(...numbered("a", [1, 4], "gone>=2")),
    demands: ["a"],
    code: "E_RESOLVE_MISSING",
    text: `
      no package named \`gone\` on index \`company\`
        command line  a
          └─ a 1.1 to 1.4 (all 4) require gone>=2`,
  },
  {
    title: "another Python",
    index: [
      { name: "scipy", version: "1.13.1", "requires-python": ">=3.9" },
      { name: "scipy", version: "1.15.0", "requires-python": ">=3.10" },
    ],
    demands: [["scipy>=1.14", "app.py:3"]],
    python: "3.9.18",
    code: "E_RESOLVE_PYTHON",
    text: `
      scipy 1.15.0 requires Python >=3.10, but this is Python 3.9.18
        app.py:3  scipy>=1.14
      hint: allow an older scipy in app.py:3: write \`scipy>=1.13\` (gives 1.13.1)
      hint: use another Python: \`--python ">=3.10"\``,
  },
  {
    title: "pre-releases beside releases",
    index: ["2.0rc1", "2.0", "2.1a1"].map((version) => ({ name: "a", version, "requires-python": ">=3.13" })),
    demands: ["a>=2.0a1"],
    code: "E_RESOLVE_PYTHON",
    text: `
      a 2.0 requires Python >=3.13, but this is Python 3.12.4
      hint: use another Python: \`--python ">=3.13"\``,
  },
  {
    title: "no file fits",
    index: [{ name: "numpy", version: "1.19.5", tags: ["cp39-cp39-win_amd64"] }],
    demands: ["numpy"],
    code: "E_RESOLVE_MISSING",
    text: `
      numpy 1.19.5 has no wheel for CPython 3.12 on linux x86_64 and no source distribution
        its wheels are for cp39-cp39-win_amd64`,
  },
  {
    title: "builds are off",
    index: [
      { name: "numpy", version: "1.19.5", tags: ["cp39-cp39-win_amd64"], sdist: true },
      { name: "numpy", version: "2.0" },
    ],
    demands: ["numpy<2"],
    policy: { noBuild: [":all:"] },
    code: "E_RESOLVE_MISSING",
    text: `
      numpy 1.19.5 has no wheel for CPython 3.12 on linux x86_64 and builds are off (--no-build)
        its wheels are for cp39-cp39-win_amd64
      hint: allow a newer numpy: ask for \`numpy<3\` (gives 2.0)`,
  },
  {
    title: "several reasons, the newest version's first",
    index: [
      ...releases("a 1.0: not a requirement"),
      { name: "a", version: "1.1", yanked: "lost data" },
      { name: "a", version: "1.2", "requires-python": ">=3.13" },
      { name: "a", version: "1.3", "requires-python": ">=3.13" },
    ],
    demands: ["a"],
    code: "E_RESOLVE_MISSING",
    text: `
      a 1.2 and 1.3 require Python >=3.13, but this is Python 3.12.4
        a 1.1 was withdrawn by the publisher: lost data
        a 1.0 can't be used: \`not a requirement\` is not a valid requirement: unexpected \`a requirement\``,
  },
  {
    title: "nothing that old",
    index: releases("a 1.0"),
    demands: ["a"],
    policy: { excludeNewerMs: Date.UTC(2020, 0, 1) },
    code: "E_RESOLVE_MISSING",
    text: `
      a 1.0 was uploaded after 2019-12-31 (exclude-newer)`,
  },
  {
    title: "pre-releases are off",
    index: releases("a 1.0rc1"),
    demands: ["a"],
    policy: { prerelease: "disallow" },
    code: "E_RESOLVE_MISSING",
    text: `
      a 1.0rc1 is a pre-release, which the settings exclude`,
  },
  {
    title: "the only version that fits both is withdrawn",
    index: [...releases("a 1.0: c>=2", "b 1.0: c<3", "c 1.0", "c 3.0"), { name: "c", version: "2.0", yanked: true }],
    demands: ["a", "b"],
    code: "E_RESOLVE_CONFLICT",
    text: `
      \`a\` and \`b\` need different versions of c
        command line  a
          └─ a 1.0 requires c>=2
        command line  b
          └─ b 1.0 requires c<3
        c 2.0 was withdrawn by the publisher
      hint: no other versions of what is asked for would do`,
  },
];

const textOf = (error: PybunError): string =>
  [
    error.message,
    ...(error.detail.evidence ?? []).map((line) => `  ${line}`),
    ...(error.detail.hints ?? []).map((hint) => `hint: ${hint}`),
  ].join("\n");

const unindented = (text: string): string => text.replace(/^\n/, "").replace(/^ {6}/gm, "");

for (const { title, code, text, ...asked } of cases) {
  test(title, async () => {
    const { error } = await ask(asked);
    assert.ok(error, "there is a resolution");
    assert.fixture(textOf(error), unindented(text));
    assert.is(error.code, code);
  });
}

test.run();
