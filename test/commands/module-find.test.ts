import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place, type RunOptions } from "../harness/project.ts";
import { type Python, pythons } from "../harness/python.ts";
import { writeZip, type ZipMember } from "../harness/zip-writer.ts";

interface Found {
  readonly module: string;
  readonly type: string | null;
  readonly path: string | null;
  readonly locations?: readonly string[];
}
interface Data {
  readonly modules: readonly Found[];
  readonly search_paths: readonly string[];
  readonly unfollowed: readonly { readonly line: number; readonly code: string }[];
  readonly benchmark?: { readonly different: readonly unknown[] };
  readonly count?: number;
}

const isOneOfEachMinor = (python: Python, index: number, all: readonly Python[]): boolean =>
  all.findIndex(({ version }) => version[1] === python.version[1]) === index;

/** A hook as setuptools writes one: the tables are its, the rest does what its own does. */
const HOOK = `import sys
from importlib.machinery import ModuleSpec, all_suffixes
from importlib.util import spec_from_file_location
from pathlib import Path

MAPPING: dict = {'flat': '{root}/project/flat', 'single': "{root}/project/it\\x27s", 'spacey.inner': '{root}/project/odd', 'bare': '{root}/project/flat'}
NAMESPACES: dict = {'spacey': [], 'shared': ['{root}/project/more']}
PATH_PLACEHOLDER = "__editable__.project-1.0.finder.__path_hook__"


class _EditableFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname not in MAPPING:
            return None
        base = Path(MAPPING[fullname])
        for candidate in [base / "__init__.py", *(Path(str(base) + suffix) for suffix in all_suffixes())]:
            if candidate.exists():
                return spec_from_file_location(fullname, candidate)


class _EditableNamespaceFinder:
    @classmethod
    def _path_hook(cls, path):
        if path == PATH_PLACEHOLDER:
            return cls
        raise ImportError

    @classmethod
    def find_spec(cls, fullname, target=None):
        if fullname in NAMESPACES:
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = NAMESPACES[fullname] or [PATH_PLACEHOLDER]
            return spec


def install():
    sys.meta_path.append(_EditableFinder)
    sys.path_hooks.append(_EditableNamespaceFinder._path_hook)
    sys.path.append(PATH_PLACEHOLDER)
`;

/** What is put into site-packages; a text that begins with `->` is a link. */
const SITE: Readonly<Record<string, string>> = {
  "package_first/__init__.py": "",
  "package_first.py": "",
  "package_first.abi3.so": "",
  "extension_first.abi3.so": "",
  "extension_first.so": "",
  "extension_first.py": "",
  "source_first.py": "",
  "source_first.pyc": "",
  "bytecode.pyc": "",
  "bare/deep/module.py": "",
  "bare/py.typed": "",
  "file_before_bare/inside.py": "",
  "file_before_bare.py": "",
  "bytecode_package/__init__.pyc": "",
  "extension_package/__init__.abi3.so": "",
  "extension_package/part.py": "",
  "other_python.cpython-399-x86_64-linux-gnu.so": "",
  "two.dots.py": "",
  "Upper.py": "",
  "not-an-identifier.py": "",
  "größe.py": "",
  "empty/data.txt": "",
  "broken.py": "->nowhere.py",
  "linked.py": "->source_first.py",
  linked_package: "->package_first",
  "around/__init__.py": "",
  "around/again": "->../around",
  circle: "->circle",
  "added.pth": "# a comment\n\n../added\n../absent\n../added\n",
  ".hidden.pth": "../hidden\n",
  "zz-code.pth": "import sys; sys.path.append('never')\n",
  "over.pth": 'import site; site.addsitedir("{root}/over")\n',
  "__editable__.project-1.0.pth": "import __editable___project_1_0_finder; __editable___project_1_0_finder.install()",
  "__editable___project_1_0_finder.py": HOOK,
  "{root}/project/flat/__init__.py": "",
  "{root}/project/flat/sub.py": "",
  "{root}/project/it's.py": "",
  "{root}/project/odd/__init__.py": "",
  "{root}/project/odd/deep.py": "",
  "{root}/project/more/four.py": "",
  "../added/from_pth.py": "",
  "../added/shared/one.py": "",
  "../hidden/from_hidden.py": "",
  "{root}/over/from_over.py": "",
  "{root}/over/more.pth": "deeper\n",
  "{root}/over/deeper/from_deeper.py": "",
  "{root}/roots/first/shared/two.py": "",
  "{root}/roots/second/shared/three.py": "",
  "{root}/roots/second/whole/__init__.py": "",
  "{root}/roots/first/whole/lost.py": "",
};

/** What is expected of each name, the path below site-packages; checked on every Python. */
const EXPECTED: Readonly<Record<string, readonly [type: string | null, path?: string]>> = {
  package_first: ["package", "package_first/__init__.py"],
  extension_first: ["extension", "extension_first.abi3.so"],
  source_first: ["module", "source_first.py"],
  bytecode: ["module", "bytecode.pyc"],
  bare: ["namespace"],
  "bare.deep.module": ["module", "bare/deep/module.py"],
  "bare.py": [null],
  file_before_bare: ["module", "file_before_bare.py"],
  "file_before_bare.inside": [null],
  bytecode_package: ["package", "bytecode_package/__init__.pyc"],
  extension_package: ["package", "extension_package/__init__.abi3.so"],
  "extension_package.part": ["module", "extension_package/part.py"],
  other_python: [null],
  two: [null],
  Upper: ["module", "Upper.py"],
  upper: [null],
  "not-an-identifier": ["module", "not-an-identifier.py"],
  größe: ["module", "größe.py"],
  empty: ["namespace"],
  broken: [null],
  linked: ["module", "linked.py"],
  linked_package: ["package", "linked_package/__init__.py"],
  "around.again.again": ["package", "around/again/again/__init__.py"],
  circle: [null],
  from_pth: ["module", "../added/from_pth.py"],
  from_over: ["module", "{root}/over/from_over.py"],
  from_deeper: ["module", "{root}/over/deeper/from_deeper.py"],
  "shared.one": ["module", "../added/shared/one.py"],
  "shared.two": ["module", "{root}/roots/first/shared/two.py"],
  "shared.three": ["module", "{root}/roots/second/shared/three.py"],
  // A package with `__init__` in a later folder comes before the bare folder in an earlier one.
  whole: ["package", "{root}/roots/second/whole/__init__.py"],
  "whole.lost": [null],
  zipped: ["module", "{root}/archive.zip/zipped.py"],
  "zipped_package.part": ["module", "{root}/archive.zip/zipped_package/part.py"],
  zipped_bare: ["namespace"],
  flat: ["package", "{root}/project/flat/__init__.py"],
  "flat.sub": ["module", "{root}/project/flat/sub.py"],
  single: ["module", "{root}/project/it's.py"],
  spacey: ["namespace"],
  "spacey.inner.deep": ["module", "{root}/project/odd/deep.py"],
  "spacey.absent": [null],
  "shared.four": ["module", "{root}/project/more/four.py"],
  of_program: ["module", "{cwd}/of_program.py"],
  sys: ["builtin"],
  zipimport: ["frozen"],
  "json.decoder": ["module"],
  "no_such.thing": [null],
};

const sitePackages = (place: Place): string => {
  const lib = path.join(place.cwd, ".env", "lib");
  const [python = ""] = fs.readdirSync(lib);
  return path.join(lib, python, "site-packages");
};

async function made(place: Place, python: Python): Promise<RunOptions> {
  const { exitCode, stderr } = await place.run(["venv", ".env", "--python", python.path]);
  assert.is(exitCode, 0, stderr);
  const site = sitePackages(place);
  for (const [name, text] of Object.entries(SITE)) {
    const file = path.resolve(site, name.replace("{root}", place.root));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (text.startsWith("->")) fs.symlinkSync(text.slice(2), file);
    else fs.writeFileSync(file, text.replaceAll("{root}", place.root));
  }
  const member = (name: string): ZipMember => ({ path: name, data: Buffer.from("") });
  const names = [
    "zipped.py",
    "zipped_package/__init__.py",
    "zipped_package/part.py",
    "zipped_bare/",
    "zipped_bare/x.py",
  ];
  fs.writeFileSync(path.join(place.root, "archive.zip"), writeZip(names.map(member)));
  place.write({ "of_program.py": "" });
  const roots = ["roots/first", "roots/second", "archive.zip"].map((name) => path.join(place.root, name));
  return { env: { VIRTUAL_ENV: path.join(place.cwd, ".env"), PYTHONPATH: roots.join(path.delimiter) } };
}

async function dataOf(place: Place, words: readonly string[], options: RunOptions): Promise<Data> {
  const { json, stderr } = await place.run(["module-find", ...words, "--format=json"], options);
  assert.is(stderr, "");
  const envelope = json();
  if (!("modules" in (envelope.data as object))) throw new Error(JSON.stringify(envelope.diagnostics).slice(0, 1500));
  return envelope.data as unknown as Data;
}

for (const python of pythons().filter(isOneOfEachMinor))
  test(
    `module-find: what Python ${python.version.join(".")} would import`,
    inPlace(async (place) => {
      const options = await made(place, python);
      const site = sitePackages(place);
      const names = Object.keys(EXPECTED);
      const { modules, unfollowed } = await dataOf(place, names, options);
      for (const [index, name] of names.entries()) {
        const [type, file] = EXPECTED[name] as readonly [string | null, string?];
        const found = modules[index] as Found;
        assert.equal([found.module, found.type], [name, type]);
        const where = file?.replace("{root}", place.root).replace("{cwd}", place.cwd);
        if (where !== undefined) assert.is(path.resolve(found.path ?? ""), path.resolve(site, where), name);
      }
      assert.equal(
        unfollowed.map(({ line, code }) => [line, code]),
        [[1, "import sys; sys.path.append('never')"]],
      );
      // The line that can't be followed is taken away: now both look in the same places, hidden files included.
      fs.rmSync(path.join(site, "zz-code.pth"));
      const { benchmark, count = 0 } = await dataOf(place, ["--benchmark"], options);
      assert.equal(benchmark?.different, []);
      assert.ok(count > 200, "the standard library is listed");
    }),
  );

const simple = (body: (place: Place, options: RunOptions) => Promise<void>) =>
  inPlace(async (place) => {
    const [python] = pythons();
    await body(place, await made(place, python as Python));
  });

test(
  "module-find: folders that are named stand first, and a safe path has none",
  simple(async (place, options) => {
    place.write({ "lib/of_program.py": "", "lib/json.py": "" });
    const lib = path.join(place.cwd, "lib");
    const { modules, search_paths } = await dataOf(place, ["of_program", "json", "sys", "--path", "lib"], options);
    assert.equal(
      [modules.map(({ path: file }) => file), search_paths[0]],
      [[path.join(lib, "of_program.py"), path.join(lib, "json.py"), null], lib],
    );
    const safe = { env: { ...options.env, PYTHONSAFEPATH: "1" } };
    assert.is((await dataOf(place, ["of_program"], safe)).modules[0]?.type, null);
  }),
);

test(
  "module-find: a name that is not found ends with 1 and says what is missing, and what might bring it",
  simple(async (place, options) => {
    const { exitCode, stdout, stderr } = await place.run(
      ["module-find", "json", "no.such", "upper", "bare.deep.modul"],
      options,
    );
    assert.is(exitCode, 1);
    const [first = "", ...others] = stdout.trimEnd().split("\n");
    assert.match(first, /^json {13}package {4}.*json\/__init__\.py$/);
    assert.equal(others, [
      "no.such          not found: there is no no",
      "upper            not found; there is Upper",
      "bare.deep.modul  not found; there is bare.deep.module",
    ]);
    assert.match(
      stderr,
      /^info\[I_MODULE_STARTUP_CODE\]: .*\n.*zz-code\.pth:1 {2}import sys; sys\.path\.append\('never'\)\n$/,
    );
  }),
);

test(
  "module-find --scan: all modules; a folder that changed is read anew, others are not",
  simple(async (place, options) => {
    const listed = async (...words: string[]) =>
      (await dataOf(place, ["--scan", ...words], options)).modules.map(({ module }) => module);
    const all = await listed();
    for (const name of ["sys", "json.decoder", "bare", "bare.deep", "bare.deep.module", "around.again", "shared.three"])
      assert.ok(all.includes(name), name);
    for (const name of ["empty", "two", "not-an-identifier", "file_before_bare.inside", "json.__init__", "whole.lost"])
      assert.not(all.includes(name), name);
    assert.equal(await listed(), all);
    fs.writeFileSync(path.join(sitePackages(place), "bare", "deep", "newcomer.py"), "");
    assert.equal(
      (await listed()).filter((name) => !all.includes(name)),
      ["bare.deep.newcomer"],
    );
    fs.rmSync(path.join(sitePackages(place), "source_first.py"));
    const without = await listed();
    assert.ok(without.includes("source_first"), "its bytecode is there");
    assert.not(without.includes("linked"), "the link leads nowhere now");
    place.write({ "src/app/__init__.py": "", "src/app/cli.py": "", "src/app/data/x.txt": "" });
    assert.equal(await listed("src"), ["app", "app.cli"]);
  }),
);

test(
  "module-find: the packages of the installation are seen where the environment says so",
  inPlace(async (place) => {
    const [python] = pythons();
    const { exitCode } = await place.run([
      "venv",
      "seeing",
      "--system-site-packages",
      "--python",
      (python as Python).path,
    ]);
    assert.is(exitCode, 0);
    const env = { VIRTUAL_ENV: path.join(place.cwd, "seeing"), PYTHONUSERBASE: path.join(place.root, "user") };
    const { benchmark, search_paths } = await dataOf(place, ["--benchmark"], { env });
    assert.equal(benchmark?.different, []);
    assert.ok(search_paths.length > 4);
  }),
);

test(
  "module-find: what is asked wrongly",
  inPlace(async (place) => {
    const said = async (...words: string[]) => {
      const { exitCode, stderr } = await place.run(["module-find", ...words]);
      return [exitCode, stderr.split("\n")[0]];
    };
    assert.equal(await said(), [2, "error[E_USAGE]: `pybun module-find` needs the name of a module, or `--scan`"]);
    assert.equal(await said("a/b.py"), [2, "error[E_USAGE]: `a/b.py` is no name of a module"]);
    assert.equal(await said("--scan", "gone"), [2, "error[E_USAGE]: there is no folder `gone` to list the modules of"]);
  }),
);

test.run();
