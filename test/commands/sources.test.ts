import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";
import { type Release, sha256 } from "../harness/release.ts";
import { makeSdist } from "../harness/sdist.ts";
import { type Made, makeWheel } from "../harness/wheel.ts";

const release = (name: string, version: string, more: Partial<Release> = {}): Release => ({ name, version, ...more });
const index = await startIndex({
  packages: [
    release("both", "1.0"),
    release("older-here", "2.0"),
    release("only-index", "1.0"),
    release("needed", "1.0"),
  ],
});
test.after(() => index.stop());
const placed = (body: (place: Place) => Promise<void>) =>
  inPlace(
    async (place) => {
      index.forget();
      await body(place);
    },
    { index },
  );

const LIST =
  "import importlib.metadata as m; print(*sorted(d.name + ' ' + d.version for d in m.distributions()), sep=', ')";
const ORIGINS = "import importlib.metadata as m; print(*[d.read_text('direct_url.json') for d in m.distributions()])";

interface Script {
  readonly requirements: readonly string[];
  readonly code?: string;
  /** In front of the command. */
  readonly options?: readonly string[];
}

/** Runs Python code in an environment of these requirements; by default it lists them. */
function runWith(place: Place, { requirements, code = LIST, options = [] }: Script): Promise<Result> {
  place.write({ "s.py": `# /// script\n# dependencies = ${JSON.stringify(requirements)}\n# ///\n${code}\n` });
  return place.run([...options, "run", "s.py"]);
}
const listed = async (place: Place, requirements: readonly string[], ...options: string[]): Promise<string> => {
  const { stdout, stderr, exitCode } = await runWith(place, { requirements, options });
  assert.is(exitCode, 0, stderr);
  return stdout.trim();
};

function put(place: Place, folder: string, ...files: readonly Made[]): string {
  const target = path.join(place.cwd, folder);
  fs.mkdirSync(target, { recursive: true });
  for (const { filename, bytes } of files) fs.writeFileSync(path.join(target, filename), bytes);
  return target;
}
const urlOf = (place: Place, file: string): string => pathToFileURL(path.join(place.cwd, file)).href;

test(
  "a folder of archives and the index compete, and of equals the folder's is taken",
  placed(async (place) => {
    put(place, "wheels", makeWheel(release("both", "1.0")), makeWheel(release("both", "0.9")));
    put(place, "wheels", makeWheel(release("older-here", "1.0")), makeWheel(release("only-here", "3.0")));
    const found = await listed(place, ["both", "older-here", "only-here", "only-index"], "--find-links", "wheels");
    assert.is(found, "both 1.0, older-here 2.0, only-here 3.0, only-index 1.0");
    assert.is(index.count("file", "both"), 0);
    assert.is(index.count("file"), 2);
  }),
);

test(
  "with the index off the folder is all there is",
  placed(async (place) => {
    put(place, "wheels", makeWheel(release("both", "0.5")));
    assert.is(await listed(place, ["both"], "--find-links", "wheels", "--no-index"), "both 0.5");
    const missing = await runWith(place, {
      requirements: ["only-index"],
      options: ["--find-links", "wheels", "--no-index"],
    });
    assert.is(missing.exitCode, 4);
    assert.match(missing.stderr, /error\[E_RESOLVE_MISSING\]: no package named `only-index` on index `wheels`/);
    assert.is(index.requests.length, 0);
  }),
);

test(
  "a cut-off in time is no word about files that somebody put here",
  placed(async (place) => {
    put(place, "wheels", makeWheel(release("older-here", "1.0")));
    const options = ["--find-links", "wheels", "--exclude-newer", "2020-01-01"];
    assert.is(await listed(place, ["older-here"], ...options), "older-here 1.0");
  }),
);

const SETTERS: Readonly<Record<string, (place: Place, wheels: string) => Record<string, string>>> = {
  "pyproject.toml": (place) => {
    place.write({ "pyproject.toml": '[tool.pybun]\nfind-links = ["wheels"]\n' });
    return {};
  },
  "pyproject.toml of uv": (place) => {
    place.write({ "pyproject.toml": '[tool.uv]\nfind-links = ["wheels"]\n' });
    return { UV_NO_CONFIG: "" };
  },
  "pip.conf": (place, wheels) => {
    place.write({ "../home/.config/pip/pip.conf": `[global]\nfind-links =\n  ${wheels}\n` });
    return { PIP_CONFIG_FILE: "" };
  },
  PIP_FIND_LINKS: (_place, wheels) => ({ PIP_FIND_LINKS: wheels }),
  UV_FIND_LINKS: (_place, wheels) => ({ UV_FIND_LINKS: `${wheels},${wheels}` }),
};
for (const [what, set] of Object.entries(SETTERS))
  test(
    `places of archives are taken from ${what}`,
    placed(async (place) => {
      const env = set(place, put(place, "wheels", makeWheel(release("only-here", "3.0"))));
      fs.mkdirSync(path.join(place.cwd, "deep"));
      place.write({ "deep/s.py": `# /// script\n# dependencies = ["only-here"]\n# ///\n${LIST}\n` });
      const { stdout, stderr } = await place.run(["run", "s.py"], { env, cwd: path.join(place.cwd, "deep") });
      assert.equal([stdout, stderr], ["only-here 3.0\n", ""]);
    }),
  );

test(
  "wheels and source archives are installed from their addresses, each noted as what it is",
  placed(async (place) => {
    const wheel = makeWheel(release("by-url", "1.0", { requires: ["needed"] }));
    const sdist = makeSdist(release("by-path", "2.0", { dynamic: ["requires-dist"], requires: ["needed"] }));
    put(place, ".", sdist);
    index.add(release("by-url", "1.0", { requires: ["needed"] }));
    const url = `${index.origin}/files/${wheel.filename}`;
    const requirements = [`by-url @ ${url}#sha256=${sha256(wheel.bytes)}`, `by-path @ ${urlOf(place, sdist.filename)}`];
    assert.is(await listed(place, requirements), "by-path 2.0, by-url 1.0, needed 1.0");
    const { stdout } = await runWith(place, { requirements, code: ORIGINS });
    assert.match(stdout, `"url":"${url}"`);
    assert.match(stdout, sha256(wheel.bytes));
    assert.match(stdout, sha256(sdist.bytes));
    assert.is(index.count("file", "by_url"), 1, "one download serves both runs");
  }),
);

test(
  "a folder with a project is built and installed",
  placed(async (place) => {
    const wheel = makeWheel(release("tree", "4.0"));
    place.write({
      "tree/pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n',
      "tree/b.py": `import os, shutil\n\ndef build_wheel(folder, config_settings=None, metadata_directory=None):\n    shutil.copy("${wheel.filename}", folder)\n    return "${wheel.filename}"\n`,
    });
    put(place, "tree", wheel);
    assert.is(await listed(place, [`tree @ ${urlOf(place, "tree")}`]), "tree 4.0");
    const { stdout } = await runWith(place, { requirements: [`tree @ ${urlOf(place, "tree")}`], code: ORIGINS });
    assert.match(stdout, '"dir_info":{}');
  }),
);

const codeOf = ({ stderr }: Result): string | undefined => /error\[(\w+)\]/.exec(stderr)?.[1];
const BAD: Readonly<
  Record<string, (place: Place) => readonly [requirement: string, code: string, exitCode: number, message: RegExp]>
> = {
  "a relative path": () => [
    "demo @ file:./demo-1.0.zip",
    "E_DIRECT_REFERENCE",
    3,
    /write the whole path: `demo @ file:\/\//,
  ],
  "a path that looks like a host": () => ["demo @ file://demo-1.0.zip", "E_DIRECT_REFERENCE", 3, /a relative path/],
  "a file that is not there": (place) => [`demo @ ${urlOf(place, "demo-1.0.zip")}`, "E_DIRECT_MISSING", 4, /not there/],
  "another package": (place) => {
    const other = makeWheel(release("other", "1.0"));
    put(place, ".", other);
    return [`demo @ ${urlOf(place, other.filename)}`, "E_DIRECT_NAME", 4, /leads to the package `other`/];
  },
  "another machine": (place) => {
    const foreign = makeWheel(release("demo", "1.0"), "cp27-cp27mu-win_arm64");
    put(place, ".", foreign);
    return [`demo @ ${urlOf(place, foreign.filename)}`, "E_RESOLVE_MISSING", 4, /cp27-cp27mu-win_arm64/];
  },
  "another file than announced": (place) => {
    const wheel = makeWheel(release("demo", "1.0"));
    put(place, ".", wheel);
    const url = `${urlOf(place, wheel.filename)}#sha256=${"0".repeat(64)}`;
    return [`demo @ ${url}`, "E_HASH_MISMATCH", 6, /expected {2}0{64}/];
  },
  "a damaged archive": (place) => {
    put(place, ".", { filename: "demo-1.0-py3-none-any.whl", bytes: Buffer.from("oops") });
    return [`demo @ ${urlOf(place, "demo-1.0-py3-none-any.whl")}`, "E_ARCHIVE_UNSAFE", 6, /not a zip archive/];
  },
  "a build that fails": (place) => {
    const sdist = makeSdist(
      release("demo", "1.0", { dynamic: ["requires-dist"], backend: "raise SystemError('no way')" }),
    );
    put(place, ".", sdist);
    return [`demo @ ${urlOf(place, sdist.filename)}`, "E_BUILD_FAILED", 7, /no way/];
  },
};
for (const [what, make] of Object.entries(BAD))
  test(
    `a requirement that names ${what} is refused with its own code`,
    placed(async (place) => {
      const [requirement, code, exitCode, message] = make(place);
      const result = await runWith(place, { requirements: [requirement] });
      assert.equal([codeOf(result), result.exitCode], [code, exitCode], result.stderr);
      assert.match(result.stderr, message);
    }),
  );

test(
  "a place that can't be read stops the command, and says who named it",
  placed(async (place) => {
    const result = await runWith(place, { requirements: ["both"], options: ["--find-links", "./none"] });
    assert.is(result.exitCode, 3);
    assert.match(result.stderr, /error\[E_FIND_LINKS\]: no folder or page `\.\/none`\n {2}named by --find-links/);
  }),
);

test.run();
