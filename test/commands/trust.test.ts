import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JsonEnvelope } from "../harness/envelope.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { runInTerminal } from "../harness/terminal.ts";

const CODE = "import os; os.environ['HOOKED'] = '1'\n";
const OTHER = "import os; os.environ['HOOKED'] = '2'\n";
const namespaceLine = (name: string): string =>
  `import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('${name}',));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('${name}', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('${name}', [os.path.dirname(p)])));m = m or sys.modules.setdefault('${name}', types.ModuleType('${name}'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n`;
const SETUPTOOLS =
  "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); \n";

/** What a package puts into site-packages, and the row that tells of it; none where it passes. */
const KINDS: readonly (readonly [name: string, files: Readonly<Record<string, string>>, row?: string])[] = [
  ["line", { "a.pth": `# a comment\nlib\n${CODE}` }, "a.pth:3: import os; os.environ['HOOKED'] = '1'"],
  [
    "several-lines",
    { "a.pth": `import sys\n\n${CODE}` },
    "a.pth:1: import sys | import os; os.environ['HOOKED'] = '1'",
  ],
  ["far-right", { "a.pth": `import sys;${" ".repeat(5000)}exit()\n` }, "a.pth:1: import sys; exit()"],
  ["form-feed", { "a.pth": "# a\fimport sys\n" }, "a.pth:2: import sys"],
  [
    "long",
    { "a.pth": `import a${"b".repeat(9000)}\n` },
    `a.pth:1: import a${"b".repeat(392)}… (9008 characters, all in /`,
  ],
  ["start", { "a.start": "a:main\n" }, "a.start:1: a:main"],
  ["site", { "sitecustomize.py": "# why\n\nprint()\n" }, "sitecustomize.py:3: print()"],
  ["user", { "usercustomize/__init__.py": "x = 1\n" }, "usercustomize/__init__.py:1: x = 1"],
  ["compiled", { "sitecustomize.abi3.so": "\u007fELF" }, "sitecustomize.abi3.so, compiled"],
  ["leads-to", { "a.pth": "lib\n", "lib/sitecustomize.py": CODE }, "a.pth:1: lib"],
  ["leads-out", { "a.pth": "/somewhere/else\n" }, "a.pth:1: /somewhere/else"],
  ["shadow-file", { "json.py": "" }, "json.py has the name of a module of the standard library"],
  ["shadow-folder", { "email/__init__.py": "" }, "email has the name of a module of the standard library"],
  ["namespace-json", { "a-nspkg.pth": namespaceLine("json") }, `a-nspkg.pth:1: ${namespaceLine("json").slice(0, 200)}`],
  [
    "namespace-more",
    { "a-nspkg.pth": namespaceLine("q").trimEnd() + ";exit()\n" },
    "a-nspkg.pth:1: import sys, types, os",
  ],
  ["not-setuptools", { "distutils-precedence.pth": SETUPTOOLS }, "distutils-precedence.pth:1: import os; var ="],
  ["namespace", { "a-nspkg.pth": namespaceLine("mpl_toolkits"), "mpl_toolkits/x.py": "" }],
  ["setuptools", { "distutils-precedence.pth": SETUPTOOLS, "_distutils_hack/__init__.py": "def add_shim(): pass\n" }],
  ["inside", { "a.pth": "lib\n", "lib/inner.py": "" }],
  ["nested", { "lib/sitecustomize.py": CODE, "lib/json.py": "", "lib/a.pth": CODE }],
  ["stubs", { "json.pyi": "", "test/__init__.py": "" }],
];

const index = await startIndex({
  packages: [
    ...KINDS.map(([name, files]) => ({ name, version: "1.0", files })),
    { name: "plain", version: "1.0" },
    { name: "leads", version: "1.0", files: { "a.pth": "lib\n", "lib/sitecustomize.py": CODE } },
    { name: "leads", version: "2.0", files: { "a.pth": "lib\n", "lib/sitecustomize.py": OTHER } },
    { name: "grows", version: "1.0", files: { "grows.py": "" } },
    { name: "grows", version: "2.0", files: { "grows.py": "", "grows.pth": CODE } },
    { name: "grows", version: "3.0", files: { "grows.py": "", "grows.pth": OTHER } },
    {
      name: "hooked-tool",
      version: "1.0",
      files: { "hooked_tool.py": "def main():\n    print('ran')\n", "hooked_tool.pth": CODE },
      "console-scripts": { "hooked-tool": "hooked_tool:main" },
    },
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) => inPlace(body, { index });

const project = (...dependencies: readonly string[]) => ({
  "pyproject.toml": `[project]\nname = "demo"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`,
});
const HOOKED = ["run", "--no-sync", "-c", "import os; print(os.environ.get('HOOKED'))"];

interface Told {
  readonly code: string;
  readonly message: string;
  readonly evidence?: readonly string[];
  readonly hints?: readonly string[];
  readonly fixes?: readonly { readonly applicability: string; readonly command: readonly string[] }[];
  readonly context?: { readonly hooks: readonly Readonly<Record<string, unknown>>[] };
}
const told = (envelope: JsonEnvelope): Told => (envelope.diagnostics as unknown as readonly Told[])[0] as Told;

/** Runs a command that has to be refused for a hook, and gives what it tells. */
async function refused(place: Place, words: readonly string[], env: Record<string, string> = {}): Promise<Told> {
  const result = await place.run(["--format=json", ...words], { env });
  assert.is(result.exitCode, 6, result.stdout + result.stderr);
  const diagnostic = told(result.json());
  assert.is(diagnostic.code, "E_STARTUP_HOOK");
  return diagnostic;
}
async function ok(place: Place, words: readonly string[], env: Record<string, string> = {}) {
  const result = await place.run(words, { env });
  assert.is(result.exitCode, 0, result.stdout + result.stderr);
  return result;
}

for (const [name, , row] of KINDS)
  test(
    row === undefined ? `${name} passes` : `${name} is refused, and the file and its line are shown`,
    placed(async (place) => {
      const words = ["run", "--with", name, "-c", ""];
      if (row === undefined) {
        await ok(place, words);
        return;
      }
      const { evidence = [], fixes, context } = await refused(place, words);
      assert.is(evidence[0]?.slice(0, row.length), row);
      assert.is(evidence.at(-1), "nothing was changed");
      assert.equal(fixes?.[0]?.command, ["pybun", "trust", "allow-hook", name]);
      assert.is(fixes?.[0]?.applicability, "review");
      assert.is(context?.hooks[0]?.["package"], name);
      await ok(place, ["trust", "allow-hook", name]);
      await place.run(words).then(({ stderr }) => assert.not.match(stderr, "E_STARTUP_HOOK"));
    }),
  );

test(
  "a refused sync leaves the environment as it was; after consent it goes through, and again in every other environment",
  placed(async (place) => {
    place.write(project("plain"));
    await ok(place, ["install"]);
    place.write(project("line"));
    await ok(place, ["lock"]);
    const { message, hints } = await refused(place, ["sync"]);
    assert.is(message, "line 1.0 brings code that runs at every start of Python");
    assert.equal(hints, ["if it is what you expect, agree to exactly this: `pybun trust allow-hook line`"]);
    assert.is((await ok(place, ["run", "--no-sync", "-c", "import plain; print('there')"])).stdout, "there\n");
    assert.match(
      (await ok(place, ["trust", "allow-hook", "Line"])).stdout,
      /^Agreed to\nline 1\.0  a\.pth  [0-9a-f]{16}\n$/,
    );
    await ok(place, ["sync"]);
    assert.is((await ok(place, HOOKED)).stdout, "1\n");
    for (let time = 0; time < 2; time++) {
      await ok(place, ["env", "remove"]);
      await ok(place, ["sync"]);
    }
    // What was made before is no consent to make it again.
    await ok(place, ["trust", "revoke", "line"]);
    await ok(place, ["env", "remove"]);
    const { exitCode, stderr } = await place.run(["sync"]);
    assert.equal([exitCode, stderr.split("\n")[0]], [6, `error[E_STARTUP_HOOK]: ${message}`]);
    await ok(place, ["trust", "allow-hook", "line"]);
    await ok(place, ["sync"]);
    await ok(place, ["env", "remove"]);
    assert.is((await place.run(["sync"], { env: { PYBUN_STARTUP_HOOKS: "deny" } })).exitCode, 0);
  }),
);

test(
  "revoked means asked again; list tells what is agreed to",
  placed(async (place) => {
    const words = ["run", "--isolated", "--with", "line", "--with", "plain", "-c", ""];
    assert.is((await place.run(["trust", "allow-hook", "line"])).exitCode, 3);
    assert.is((await place.run(["trust", "revoke", "line"])).exitCode, 3);
    assert.is((await ok(place, ["trust", "list"])).stdout, "");
    await refused(place, words);
    await ok(place, ["trust", "allow-hook", "line"]);
    assert.match((await ok(place, ["trust", "list"])).stdout, /^line 1\.0  a\.pth  /);
    await ok(place, ["trust", "revoke", "line"]);
    assert.is((await ok(place, ["trust", "list"])).stdout, "");
    await refused(place, words);
  }),
);

test(
  "consent is to a content: the next version's other line is refused, and said to be new",
  placed(async (place) => {
    place.write(project("grows==1.0"));
    await ok(place, ["install"]);
    place.write(project("grows==2.0"));
    const { message } = await refused(place, ["install"]);
    assert.is(message, "grows 2.0 brings code that runs at every start of Python, which 1.0 did not");
    await ok(place, ["trust", "allow-hook", "grows"]);
    await ok(place, ["install"]);
    place.write(project("grows==3.0"));
    assert.match((await refused(place, ["install"])).message, /grows 3\.0 .* which 2\.0 did not$/);
    assert.is((await ok(place, HOOKED)).stdout, "1\n");
  }),
);

test(
  "consent to a path file is consent to the module it leads to, and not to the next one",
  placed(async (place) => {
    const words = (version: string) => ["run", "--isolated", "--with", `leads==${version}`, "-c", ""];
    await refused(place, words("1.0"));
    await ok(place, ["trust", "allow-hook", "leads"]);
    await ok(place, words("1.0"));
    await refused(place, words("2.0"));
  }),
);

test(
  "content that was never seen here can be agreed to by its digest",
  placed(async (place) => {
    const words = ["run", "--with", "line", "-c", ""];
    const sha256 = String((await refused(place, words)).context?.hooks[0]?.["sha256"]);
    fs.rmSync(place.data, { recursive: true });
    await ok(place, ["trust", "allow-hook", "line", "--sha256", "0".repeat(64)]);
    await refused(place, words);
    fs.rmSync(place.data, { recursive: true });
    await ok(place, ["trust", "allow-hook", "line", "--sha256", sha256]);
    await ok(place, words);
    assert.is((await place.run(["trust", "allow-hook", "line", "--sha256", "abc"])).exitCode, 2);
    assert.is((await place.run(["trust", "allow-hook", "a", "b", "--sha256", sha256])).exitCode, 2);
  }),
);

test(
  "deny refuses, allow lets in and tells of what is new; the variable and the user's file count, the project's does not",
  placed(async (place) => {
    place.write(project("grows==1.0"));
    await ok(place, ["install"]);
    place.write({ ...project("grows==2.0"), ".pybun/config.toml": '[security]\nstartup-hooks = "allow"\n' });
    const { evidence = [] } = await refused(place, ["install"]);
    assert.match(evidence.join("\n"), "`security.startup-hooks` in .pybun/config.toml does not count");
    await refused(place, ["install"], { PYBUN_STARTUP_HOOKS: "deny" });
    const allowed = await ok(place, ["install"], { PYBUN_STARTUP_HOOKS: "allow" });
    assert.match(
      allowed.stderr,
      "warning[W_STARTUP_HOOK]: grows 2.0 brings code that runs at every start of Python, which 1.0",
    );
    const again = await ok(place, ["run", "--with", "line", "-c", ""], { PYBUN_STARTUP_HOOKS: "allow" });
    assert.is(again.stderr, "");
    await refused(place, ["run", "--with", "start", "-c", ""]);
    fs.rmSync(path.join(place.cwd, ".pybun", "config.toml"));
    await ok(place, ["config", "set", "--user", "security.startup-hooks", "allow"]);
    await ok(place, ["run", "--with", "start", "-c", ""]);
  }),
);

test(
  "scripts with requirements of their own and tools pass the same gate",
  placed(async (place) => {
    place.write({ "app.py": '# /// script\n# dependencies = ["line"]\n# ///\nprint("ran")\n' });
    await refused(place, ["run", "app.py"]);
    await refused(place, ["x", "hooked-tool"]);
    await ok(place, ["trust", "allow-hook", "line", "hooked-tool"]);
    assert.is((await ok(place, ["run", "app.py"])).stdout, "ran\n");
    assert.is((await ok(place, ["x", "hooked-tool"])).stdout, "ran\n");
  }),
);

const BACKEND = `import base64, hashlib, zipfile
NAME = "demo-0.wheel"

def build_editable(folder, config_settings=None, metadata_directory=None):
    files = {
        "_demo.pth": "import _demo_editable\\n",
        "_demo_editable.py": "import os; os.environ['HOOKED'] = '1'\\n",
        "demo-0.dist-info/METADATA": "Metadata-Version: 2.1\\nName: demo\\nVersion: 0\\n",
        "demo-0.dist-info/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    rows = []
    with zipfile.ZipFile(folder + "/demo-0-py3-none-any.whl", "w") as wheel:
        for name, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{name},sha256={digest},{len(text)}")
            wheel.writestr(name, text)
        wheel.writestr("demo-0.dist-info/RECORD", "\\n".join([*rows, "demo-0.dist-info/RECORD,,", ""]))
    return "demo-0-py3-none-any.whl"

def build_wheel(folder, config_settings=None, metadata_directory=None):
    return build_editable(folder)
`;

test(
  "what an editable installation of one's own project writes passes",
  placed(async (place) => {
    const build = '\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n';
    place.write({ "pyproject.toml": project()["pyproject.toml"] + build, "backend.py": BACKEND });
    await ok(place, ["install"]);
    assert.is((await ok(place, HOOKED)).stdout, "1\n");
    await ok(place, ["env", "remove"]);
    await refused(place, ["sync", "--no-editable"]);
  }),
);

test(
  "on a terminal it is asked, with the line in view; --yes is no consent",
  placed(async (place) => {
    const words = ["run", "--with", "line", "-c", "print('ran')"];
    const env = { PYBUN_INDEX_URL: index.url, PATH: path.dirname(requirePython().path) };
    const no = await runInTerminal(place, words, { env, answers: ["n"] });
    assert.match(no.shown, "a.pth:3: import os; os.environ['HOOKED'] = '1'");
    assert.match(no.shown, "Agree to exactly this? [y/N]");
    assert.is(no.exitCode, 6);
    const unasked = await runInTerminal(place, [...words.slice(0, 3), "--yes", ...words.slice(3)], { env });
    assert.is(unasked.exitCode, 6);
    const yes = await runInTerminal(place, words, { env, answers: ["y"] });
    assert.is(yes.exitCode, 0, yes.shown);
    assert.match(yes.shown, "ran");
    assert.is((await runInTerminal(place, words, { env })).exitCode, 0);
  }),
);

test.run();
