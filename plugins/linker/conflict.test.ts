import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import { type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";
import type { Release } from "../../test/harness/release.ts";
import { isProtected, layoutOf } from "./protected.ts";

let bench: LinkBench;
let root = "";
test.before.each(async () => {
  bench = await openLinkBench();
  root = path.join(bench.dir, "env");
});
test.after.each(() => bench.remove());

const wheel = (name: string, more: Partial<Release>) => bench.add({ name, version: "1", ...more });
const failure = async (promise: Promise<unknown>): Promise<PybunError> => {
  const error = await promise.then(
    () => assert.unreachable("expected a failure"),
    (error: unknown) => error,
  );
  assert.instance(error, PybunError);
  return error as PybunError;
};
const SITE = () => layoutOf(bench.interpreter.scheme).site;

/** Two releases' parts, and the path the message names. */
const CLASHES: readonly (readonly [string, Partial<Release>, Partial<Release>, string])[] = [
  ["modules", { files: { "same.py": "a" } }, { files: { "same.py": "b" } }, "SITE/same.py"],
  [
    "modules of a package",
    { files: { "pkg/__init__.py": "a" } },
    { files: { "pkg/__init__.py": "b" } },
    "SITE/pkg/__init__.py",
  ],
  [
    "a module and a package",
    { files: { "x.py": "", "y/__init__.py": "" } },
    { files: { y: "text", "z.py": "" } },
    "SITE/y",
  ],
  ["commands", { "console-scripts": { go: "a:a" } }, { "console-scripts": { go: "b:b" } }, "bin/go"],
  ["a command and a script", { "console-scripts": { go: "a:a" } }, { data: { "scripts/go": "#!/bin/sh\n" } }, "bin/go"],
  ["data", { data: { "data/share/x.txt": "a" } }, { data: { "data/share/x.txt": "b" } }, "share/x.txt"],
  [
    "data and a module",
    { files: { "pkg/__init__.py": "", "pkg/a.py": "a" } },
    { data: { "data/SITE/pkg/a.py": "b" } },
    "SITE/pkg/a.py",
  ],
];
for (const [what, one, two, where] of CLASHES) {
  const named = (release: Partial<Release>): Partial<Release> =>
    JSON.parse(JSON.stringify(release).replaceAll("SITE", SITE())) as Partial<Release>;
  const expectConflict = (error: PybunError) => {
    assert.is(error.code, "E_LINK_CONFLICT");
    assert.is(
      error.message,
      `two 1 and one 1 both bring \`${where.replace("SITE", SITE())}\``.replace(
        "two 1 and one 1",
        error.message.startsWith("one") ? "one 1 and two 1" : "two 1 and one 1",
      ),
    );
    assert.match(error.detail.evidence?.join() ?? "", "nothing was changed");
  };
  test(`different ${what} at once are refused, and nothing is made`, async () => {
    const install = [await wheel("one", named(one)), await wheel("two", named(two))];
    expectConflict(await failure(bench.link({ root, install })));
    assert.equal(
      fs.readdirSync(bench.dir).filter((name) => name.startsWith("env")),
      [],
    );
  });
  test(`different ${what}, one after the other, are refused, and nothing is changed`, async () => {
    const [first, second] = [await wheel("one", named(one)), await wheel("two", named(two))];
    const before = await bench.link({ root, install: [first] });
    expectConflict(await failure(bench.link({ root, install: [second] })));
    assert.equal(
      fs.readdirSync(root).filter((name) => /staging|lock/.test(name)),
      [],
    );
    assert.equal((await bench.environments.read(root)).installed, before.installed);
  });
}

test("equal content is no conflict", async () => {
  const same = { files: { "pkg/__init__.py": "same", "single.py": "same" }, data: { "data/share/x.txt": "same" } };
  const a = await wheel("a", same);
  const b = await wheel("b", { ...same, files: { ...same.files, "pkg/more.py": "" } });
  assert.is((await bench.link({ root, install: [a, b] })).installed.length, 2);
  const place = path.join(bench.dir, "later");
  await bench.link({ root: place, install: [a] });
  assert.is((await bench.link({ root: place, install: [b] })).installed.length, 2);
});

test("stray tests and documents are left to the first, with a warning, and its owner alone records them", async () => {
  const stray = (text: string) => ({ files: { [`m_${text}.py`]: "", "tests/__init__.py": text, "LICENSE.txt": text } });
  const environment = await bench.link({ root, install: [await wheel("a", stray("a")), await wheel("b", stray("b"))] });
  assert.is(fs.readFileSync(path.join(environment.sitePackages, "tests/__init__.py"), "utf8"), "a");
  const record = (name: string) =>
    fs.readFileSync(path.join(environment.sitePackages, `${name}-1.dist-info/RECORD`), "utf8");
  assert.match(record("a"), "tests/__init__.py,sha256");
  assert.not.match(record("b"), "tests/__init__.py");
  const codes = bench.events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.code] : []));
  assert.equal(codes, ["W_LINK_OVERLAP"]);
});

test("what no distribution owns may be replaced: the remains of a broken uninstall", async () => {
  const { sitePackages } = await bench.link({ root });
  fs.mkdirSync(path.join(sitePackages, "left"));
  fs.writeFileSync(path.join(sitePackages, "left/__init__.py"), "old");
  await bench.link({ root, install: [await wheel("left", { files: { "left/__init__.py": "new" } })] });
  assert.is(fs.readFileSync(path.join(sitePackages, "left/__init__.py"), "utf8"), "new");
});

test("a link that nobody recorded is not written through", async () => {
  const { sitePackages } = await bench.link({ root });
  const source = path.join(bench.dir, "source");
  fs.mkdirSync(source);
  fs.symlinkSync(source, path.join(sitePackages, "mine"));
  const error = await failure(
    bench.link({ root, install: [await wheel("mine", { files: { "mine/__init__.py": "" } })] }),
  );
  assert.is(error.code, "E_LINK_CONFLICT");
  assert.equal(fs.readdirSync(source), []);
});

const OWN = [
  { data: { "scripts/activate": "#!/bin/sh\n" } },
  { "console-scripts": { python3: "x:y" } },
  { "console-scripts": { "Python3.12": "x:y" } },
  { "console-scripts": { activate: "x:y" } },
  { data: { "data/bin/activate": "" } },
  { data: { "data/pybun.json": "" } },
  { data: { "data/PyBun.JSON": "" } },
  { data: { "data/LIBRARY/os.py": "" } },
] as const;
for (const release of OWN)
  test(`the environment itself is not written over: ${JSON.stringify(release)}`, async () => {
    const library = path.posix.dirname(SITE()).toUpperCase();
    const evil = JSON.parse(JSON.stringify(release).replace("LIBRARY", library)) as Partial<Release>;
    const error = await failure(bench.link({ root, install: [await wheel("evil", evil)] }));
    assert.is(error.code, "E_LINK_CONFLICT");
    assert.match(error.message, /of the environment itself$/);
    assert.not.ok(fs.existsSync(root));
  });

for (const [platform, isOne] of [
  ["darwin", true],
  ["linux", false],
] as const)
  test(`commands that differ in case only are ${isOne ? "one" : "two"} on ${platform}`, async () => {
    const other = await openLinkBench({ platform });
    try {
      const make = (name: string, command: string) =>
        other.add({ name, version: "1", "console-scripts": { [command]: `${name}:main` } });
      const install = [await make("one", "Go"), await make("two", "go")];
      const linked = other.link({ root: path.join(other.dir, "env"), install });
      if (isOne) assert.is((await failure(linked)).code, "E_LINK_CONFLICT");
      else assert.is((await linked).installed.length, 2);
    } finally {
      other.remove();
    }
  });

test("protected paths, in any spelling", () => {
  const layout = layoutOf({
    purelib: "lib/python3.12/site-packages",
    platlib: "",
    scripts: "bin",
    headers: "include/site/python3.12",
  });
  const yes = [
    "lib/python3.12/os.py",
    "lib64/python3.12/os.py",
    "lib",
    "lib/python3.12",
    "lib/python3.12/site-packages",
    "bin",
    "bin/python3.12",
    "BIN/PYTHON",
    "bin/python\uFF13",
    "share/../bin/python",
    "bin/activate.fish",
    "../x",
    "pybun.json",
  ];
  const no = [
    "lib/python3.12/site-packages/x.py",
    "lib64/python3.12/site-packages/x.py",
    "bin/pip",
    "bin/python-argcomplete",
    "share/python",
    "lib/other/x.so",
    "etc/x",
    "bin/ipython3",
  ];
  for (const each of yes) assert.ok(isProtected(each, layout), each);
  for (const each of no) assert.not.ok(isProtected(each, layout), each);
});

test.run();
