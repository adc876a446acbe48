import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { ask, releases } from "./ask.fixture.ts";

/** `a 1.3`, `a 1.4`, … */
const numbered = (name: string, [from, to]: readonly [number, number], requires = ""): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `${name} 1.${from + i}${requires === "" ? "" : `: ${requires}`}`);

const AWS = releases(
  "awscli 1.32.0: s3transfer>=0.9.0,<0.10.0",
  "awscli 1.46.2: s3transfer>=0.10.0,<0.20.0",
  ...numbered("boto3", [34, 34], "s3transfer>=0.9.0,<0.10.0"),
  ...numbered("boto3", [35, 39], "s3transfer>=0.10.0,<0.11.0"),
  ...numbered("boto3", [40, 44], "s3transfer>=0.11.0,<0.20.0"),
  ...["0.8.0", "0.9.0", "0.10.0", "0.11.0", "0.19.0", "0.20.0"].map((version) => `s3transfer ${version}`),
);

const test = suite("changes that resolver's explanations propose");

test("a conflict as data, and what would help", async () => {
  const { error } = await ask({
    index: AWS,
    demands: [
      ["awscli==1.32.0", "pyproject.toml:8"],
      ["boto3>=1.35", "pyproject.toml:9"],
    ],
  });
  const { conflicts, relaxations } = (error?.detail.context ?? {}) as Record<string, Record<string, unknown>[]>;
  const available = ["0.8.0", "0.9.0", "0.10.0", "0.11.0", "0.19.0", "0.20.0"];
  assert.equal(conflicts, [
    {
      package: "s3transfer",
      chain: [
        { origin: "pyproject.toml:8", text: "awscli==1.32.0", is_constraint: false },
        {
          text: "awscli 1.32.0 requires s3transfer>=0.9.0,<0.10.0",
          package: "awscli",
          versions: 1,
          first: "1.32.0",
          last: "1.32.0",
          requires: "s3transfer>=0.9.0,<0.10.0",
        },
      ],
      required: ">=0.9.0,<0.10.0",
      available,
      available_count: 6,
    },
    {
      package: "s3transfer",
      chain: [
        { origin: "pyproject.toml:9", text: "boto3>=1.35", is_constraint: false },
        {
          text: "boto3 1.35 to 1.44 (all 10) require s3transfer>=0.10.0,<0.20.0",
          package: "boto3",
          versions: 10,
          first: "1.35",
          last: "1.44",
          requires: "s3transfer>=0.10.0,<0.20.0",
        },
      ],
      required: ">=0.10.0,<0.20.0",
      available,
      available_count: 6,
    },
  ]);
  assert.equal(relaxations, [
    {
      changes: [{ origin: "pyproject.toml:8", requirement: "awscli==1.32.0", instead: "awscli==1.46.2" }],
      gives: { awscli: ["1.46.2"] },
    },
    {
      changes: [{ origin: "pyproject.toml:9", requirement: "boto3>=1.35", instead: "boto3>=1.34" }],
      gives: { boto3: ["1.34"] },
    },
  ]);
  assert.equal(error?.detail.fixes, [], "there is no such file");
});

test("what was typed is to be typed otherwise", async () => {
  const { error } = await ask({
    index: AWS,
    demands: ["awscli==1.32.0", "boto3>=1.35"],
    argv: ["run", "--with", "awscli==1.32.0", "--with=boto3>=1.35", "app.py"],
  });
  assert.equal(error?.detail.hints, [
    'take a newer awscli: `pybun run --with awscli==1.46.2 "--with=boto3>=1.35" app.py`',
    'or allow an older boto3: `pybun run --with awscli==1.32.0 "--with=boto3>=1.34" app.py` (gives 1.34)',
  ]);
  assert.equal(
    error?.detail.fixes?.map(({ id, command }) => [id, command?.join(" ")]),
    [
      ["change-awscli", "pybun run --with awscli==1.46.2 --with=boto3>=1.35 app.py"],
      ["change-boto3", "pybun run --with awscli==1.32.0 --with=boto3>=1.34 app.py"],
    ],
  );
});

test("each fix has an id of its own", async () => {
  const { error } = await ask({
    index: releases("a 1.0", "a 2.0"),
    demands: ["a<2", "a>=2"],
    argv: ["run", "--with=a<2", "--with=a>=2"],
  });
  assert.equal(
    error?.detail.fixes?.map(({ id }) => id),
    ["change-a", "change-a-2"],
  );
});

test("an override is told as the user's own, and can be loosened", async () => {
  const index = releases("a 1.0: b<2", "b 1.0", "b 2.0: c<2", "b 3.0: c<2", "c 1.0", "c 2.0");
  const missing = await ask({ index, demands: ["a"], overrides: ["b>=9"] });
  assert.is(missing.error?.message, "no version of `b` matches `>=9`");
  assert.is(missing.error?.detail.evidence?.at(-1), "  └─ a 1.0 requires b>=9 (override overrides.txt:1)");
  assert.equal(missing.error?.detail.hints, ["loosen the override in overrides.txt:1: write `b>=3.0` (gives 3.0)"]);
  const further = await ask({ index, demands: ["b<2", "c>=2"], overrides: ["b>=2"] });
  assert.is(further.error?.message, "the override `b>=2` and `c>=2` need different versions of c");
  assert.equal(further.error?.detail.evidence, [
    "command line  b<2  (override overrides.txt:1: b>=2)",
    "  └─ b 2.0 and 3.0 require c<2",
    "command line  c>=2",
  ]);
  assert.equal(further.error?.detail.hints, [
    "allow an older c: ask for `c>=1.0` (gives 1.0)",
    "or loosen the override in overrides.txt:1: write `b>=1.0` (gives 1.0)",
  ]);
  const { conflicts } = (further.error?.detail.context ?? {}) as { conflicts: { required: string; chain: object[] }[] };
  assert.equal(
    conflicts.map(({ required, chain }) => [required, (chain[0] as { overrides?: unknown }).overrides]),
    [
      ["<2", ["overrides.txt:1"]],
      [">=2", undefined],
    ],
  );
});

test("where no single change helps, two or three do", async () => {
  const index = releases(
    "a 1.0: c<2",
    "a 2.0: c<3",
    "b 1.0: c<2",
    "b 2.0: c<3",
    "c 1.0",
    "c 2.0",
    "c 3.0",
    "d 1.0: c>=2",
  );
  const { error } = await ask({ index, demands: ["a==1.0", "b==1.0", "d"] });
  assert.equal(error?.detail.hints, ["take a newer a: ask for `a==2.0`, and take a newer b: ask for `b==2.0`"]);
});

test("a conflict that no build could mend goes before a build that failed", async () => {
  const index = [
    { name: "numpy", version: "1.24", tags: [], sdist: true },
    ...releases("numpy 1.26", "numpy 2.0", "pandas 2.2: numpy>=1.26"),
  ];
  const failure = ({ sdist }: { sdist?: unknown }) =>
    sdist ? new PybunError("E_BUILD_FAILED", "numpy 1.24 does not build") : undefined;
  const { error } = await ask({ index, demands: ["numpy==1.24", "pandas>=2.2"], failure });
  assert.equal(
    [error?.code, error?.message],
    ["E_RESOLVE_CONFLICT", "`numpy==1.24` and `pandas>=2.2` need different versions of numpy"],
  );
  assert.equal(error?.detail.hints, ["take a newer numpy: ask for `numpy==2.0`"]);
});

test("a build that fails is the reason where nothing else fits", async () => {
  const { error } = await ask({
    index: [{ name: "a", version: "1.0", tags: [], sdist: true }],
    demands: ["a"],
    failure: () =>
      new PybunError("E_BUILD_FAILED", "the backend of `a 1.0` ended with status 1", { evidence: ["its log"] }),
  });
  assert.equal([error?.code, error?.message], ["E_BUILD_FAILED", "the backend of `a 1.0` ended with status 1"]);
  assert.equal(error?.detail.evidence, ["its log"]);
});

test("after a build that fails no other release is built, and one with a wheel is taken", async () => {
  const sources = ["4.0", "3.0", "2.0"].map((version) => ({ name: "a", version, tags: [], sdist: true }));
  const tried: string[] = [];
  const failure = ({ version, sdist }: { version: string; sdist?: unknown }) => {
    if (!sdist) return undefined;
    tried.push(version);
    return new PybunError("E_BUILD_FAILED", `a ${version} does not build`, { hints: ["install it: `apt install c`"] });
  };
  const taken = await ask({ index: [...sources, ...releases("a 1.0")], demands: ["a"], failure });
  assert.equal([taken.pins, tried], [["a 1.0"], ["4.0"]]);
  assert.equal(
    taken.index.diagnostics().map(({ message }) => message),
    ["a 4.0 can't be used, 1.0 is taken"],
  );
  const { error } = await ask({ index: [...sources, ...releases("a 1.0")], demands: ["a>1"], failure });
  assert.equal([error?.message, tried.length], ["a 4.0 does not build", 2]);
  assert.equal(error?.detail.evidence, [
    "the 2 other versions that would do would have to be built too, and were not tried",
  ]);
  assert.equal(error?.detail.hints, ["install it: `apt install c`", "allow an older a: ask for `a>=1.0` (gives 1.0)"]);
});

test("a contradiction that only shows by trying cases still names the parties", async () => {
  // Whatever `x` and `y` are, one of the four combinations is excluded by a package of its own.
  const index = releases(
    ...["1.0", "2.0"].flatMap((version) => [`x ${version}`, `y ${version}`]),
    ...["p", "q", "r", "s"].flatMap((name, i) => {
      const [x, y] = [1 + (i >> 1), 1 + (i & 1)];
      return [`${name} 1.0: x!=${x}`, `${name} 2.0: y!=${y}`];
    }),
  );
  const { error } = await ask({ index, demands: ["x", "y", "p", "q", "r", "s"] });
  assert.is(error?.code, "E_RESOLVE_CONFLICT");
  assert.match(error?.message ?? "", /`p`.*`q`.*`r`.*`s`/);
  assert.ok((error?.detail.evidence?.length ?? 0) >= 6);
});

test.run();
