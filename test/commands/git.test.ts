import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type GitRepository, makeRepository, projectFiles } from "../harness/git-repository.ts";
import { startGitServer } from "../harness/git-server.ts";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

const index = await startIndex({ packages: [{ name: "needed", version: "1.0" }] });
test.after(() => index.stop());

const demo = (version: string, more = {}) => ({ name: "demo", version, requires: ["needed"], ...more });
const ASK =
  "import json, importlib.metadata as m; d = m.distribution('demo'); print(d.version, json.loads(d.read_text('direct_url.json'))['vcs_info'])";

const placed = (body: (place: Place, repository: GitRepository) => Promise<void>) =>
  inPlace(async (place) => body(place, makeRepository(path.join(place.root, "served", "demo"))), { index });

const ask = (place: Place, url: string, ...options: readonly string[]): Promise<Result> =>
  place.run([...options, "run", "--with", `demo @ ${url}`, "-c", ASK]);
async function asked(place: Place, url: string, ...options: readonly string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await ask(place, url, ...options);
  assert.equal([exitCode, stderr], [0, ""]);
  return stdout.trim();
}
const told = (version: string, commit: string, asked?: string): string =>
  `${version} {'vcs': 'git', ${asked === undefined ? "" : `'requested_revision': '${asked}', `}'commit_id': '${commit}'}`;

test(
  "branches, tags, commits and what a repository's HEAD is are installed, each noted as what it is",
  placed(async (place, repository) => {
    const first = repository.commit(projectFiles(demo("1.0")));
    repository.git("tag", "--annotate", "v1", "--message", "first");
    repository.git("branch", "side/track");
    const second = repository.commit(projectFiles(demo("2.0")));
    const { url } = repository;
    assert.is(await asked(place, url), told("2.0", second));
    assert.is(await asked(place, `${url}@main`), told("2.0", second, "main"));
    assert.is(await asked(place, `${url}@v1`), told("1.0", first, "v1"));
    assert.is(await asked(place, `${url}@side%2Ftrack`), told("1.0", first, "side/track"));
    assert.is(await asked(place, `${url}@side/track`), told("1.0", first, "side/track"));
    assert.is(await asked(place, `${url}@refs/tags/v1`), told("1.0", first, "refs/tags/v1"));
    assert.is(await asked(place, `${url}@${first}`), told("1.0", first, first));
    assert.is(await asked(place, `${url}@${first.slice(0, 9)}`), told("1.0", first, first.slice(0, 9)));
  }),
);

test(
  "a branch goes before a tag of its name",
  placed(async (place, repository) => {
    repository.commit(projectFiles(demo("1.0")));
    repository.git("tag", "both");
    const second = repository.commit(projectFiles(demo("2.0")));
    repository.git("branch", "both");
    assert.is(await asked(place, `${repository.url}@both`), told("2.0", second, "both"));
  }),
);

test(
  "a branch is asked again when told to, and believed while the network is off",
  placed(async (place, repository) => {
    const first = repository.commit(projectFiles(demo("1.0")));
    const url = `${repository.url}@main`;
    assert.is(await asked(place, url), told("1.0", first, "main"));
    const second = repository.commit(projectFiles(demo("2.0")));
    assert.is(await asked(place, url, "--refresh"), told("2.0", second, "main"));
    fs.renameSync(repository.folder, `${repository.folder}.gone`);
    fs.rmSync(path.join(place.data, "pep723-envs"), { recursive: true });
    assert.is(await asked(place, url, "--offline"), told("2.0", second, "main"));
    assert.is(await asked(place, `${repository.url}@${first}`), told("1.0", first, first), "nobody has to be asked");
    const never = await ask(place, `${repository.url}@other`, "--offline");
    assert.is(never.exitCode, 5);
    assert.match(never.stderr, /error\[E_OFFLINE_MISS\]: `demo @ .*@other` was never asked for and the network is off/);
  }),
);

test(
  "a project in a folder of the repository is found, built once, and apart from its neighbour",
  placed(async (place, repository) => {
    repository.commit({
      ...projectFiles({ name: "demo", version: "1.0", dynamic: ["version"], requires: ["needed"] }, "py/demo/"),
      ...projectFiles({ name: "other", version: "3.0" }, "py/other/"),
    });
    const both = ["demo", "other"].map((name) => ["--with", `${name} @ ${repository.url}#subdirectory=py/${name}`]);
    const code = "import demo, other, needed; print(demo.version, other.version)";
    const { stdout, stderr } = await place.run(["run", ...both.flat(), "-c", code]);
    assert.equal([stdout, stderr], ["1.0 3.0\n", ""]);
    const clean = fs.readdirSync(path.join(place.data, "git", "checkouts"), { recursive: true });
    assert.not.ok(
      clean.some((file) => String(file).includes("__pycache__")),
      "builds leave no trace",
    );
    const none = await ask(place, repository.url);
    assert.match(
      none.stderr,
      /E_GIT_REPOSITORY\]: .* has neither pyproject.toml nor setup.py\n.*\n.*`#subdirectory=py\/demo`/,
    );
  }),
);

test(
  "build backends see history and tags, submodules are there",
  placed(async (place, repository) => {
    const part = makeRepository(path.join(place.root, "served", "part"));
    part.commit({ "version.txt": "9" });
    const backend = `import pathlib, shutil, subprocess
def build_wheel(folder, config_settings=None, metadata_directory=None):
    described = subprocess.check_output(["git", "describe", "--tags"], text=True).strip()
    assert described.startswith("v7-1-g"), described
    assert pathlib.Path("part/version.txt").read_text() == "9"
    [wheel] = pathlib.Path(__file__).parent.glob("*.whl")
    shutil.copy(wheel, folder)
    return wheel.name
`;
    repository.commit(projectFiles(demo("7.0", { backend })));
    repository.git("tag", "v7");
    repository.git("submodule", "--quiet", "add", "../part");
    const last = repository.commit({});
    assert.is(await asked(place, repository.url), told("7.0", last));
  }),
);

test(
  "what a repository or the user's own configuration would run, is not run",
  placed(async (place, repository) => {
    const sign = path.join(place.root, "ran");
    place.write({
      "../home/hooks/post-checkout": `#!/bin/sh\ntouch ${sign}\n`,
      "../home/.gitconfig": `[core]\n\thooksPath = ${place.home}/hooks\n[init]\n\ttemplateDir = ${place.home}\n`,
    });
    fs.chmodSync(path.join(place.home, "hooks/post-checkout"), 0o755);
    const head = repository.commit({
      ...projectFiles(demo("1.0")),
      ".gitattributes": "* filter=evil\n",
      ".lfsconfig": "",
    });
    assert.is(await asked(place, repository.url), told("1.0", head));
    assert.not.ok(fs.existsSync(sign));
    // As when PyBun is started by one of git's own hooks.
    const env = { GIT_DIR: "/nowhere", GIT_WORK_TREE: "/nowhere", GIT_INDEX_FILE: "/nowhere" };
    fs.rmSync(place.data, { recursive: true });
    const { stderr, exitCode } = await place.run(["run", "--with", `demo @ ${repository.url}`, "-c", ASK], { env });
    assert.equal([exitCode, stderr], [0, ""]);
  }),
);

test(
  "a submodule on somebody's own machine is not fetched for a repository of another",
  placed(async (place, repository) => {
    const secret = makeRepository(path.join(place.root, "secret"));
    secret.commit({ "key.txt": "x" });
    repository.commit(projectFiles(demo("1.0")));
    repository.git("submodule", "--quiet", "add", `file://${secret.folder}`, "part");
    repository.commit({});
    const server = await startGitServer(path.dirname(repository.folder));
    try {
      const { exitCode, stderr } = await ask(place, `git+${server.origin}/demo/.git`);
      assert.is(exitCode, 5);
      assert.match(
        stderr,
        /E_GIT_FAILED\]: can't fetch the submodules of http.*: it leads to a place that is not allowed/,
      );
      assert.match(stderr, /transport 'file' not allowed/);
    } finally {
      await server.stop();
    }
  }),
);

test(
  "a login in the URL is used and never shown or kept; without one nobody is asked",
  placed(async (place, repository) => {
    const head = repository.commit(projectFiles(demo("1.0")));
    const server = await startGitServer(path.dirname(repository.folder), { login: "me:s3cret word" });
    try {
      const url = `git+${server.origin}/demo/.git`;
      const refused = await ask(place, url);
      assert.equal([refused.exitCode, refused.stdout], [5, ""]);
      assert.match(
        refused.stderr,
        /error\[E_AUTH\]: can't ask http:.* the host wants credentials, or refuses those it got/,
      );
      const wrong = await ask(place, url.replace("//", "//me:wr0ng-one@"));
      assert.match(wrong.stderr, /E_AUTH/);
      assert.not.match(wrong.stderr, "wr0ng-one");
      assert.is(await asked(place, url.replace("//", "//me:s3cret%20word@")), told("1.0", head));
      const { stdout } = await place.run(["run", "--with", `demo @ ${url}`, "-c", "import needed; print(1)"]);
      assert.is(stdout, "1\n", "what is here needs no login");
      const kept = fs.readdirSync(place.data, { recursive: true, withFileTypes: true });
      for (const file of kept.filter((entry) => entry.isFile()))
        assert.not.match(
          fs.readFileSync(path.join(file.parentPath, file.name), "latin1"),
          /s3cret( |%20)word/,
          file.name,
        );
    } finally {
      await server.stop();
    }
  }),
);

test(
  "a whole commit that is here takes no request, and a second process waits for the first",
  placed(async (place, repository) => {
    const head = repository.commit(projectFiles(demo("1.0")));
    const server = await startGitServer(path.dirname(repository.folder));
    try {
      const url = `git+${server.origin}/demo/.git@${head}`;
      const runs = await Promise.all([ask(place, url), ask(place, url)]);
      assert.equal(
        runs.map(({ exitCode }) => exitCode),
        [0, 0],
        runs.map(({ stderr }) => stderr).join(),
      );
      const before = server.requests.length;
      fs.rmSync(path.join(place.data, "pep723-envs"), { recursive: true });
      await asked(place, url);
      assert.is(server.requests.length, before);
    } finally {
      await server.stop();
    }
  }),
);

test(
  "scripts and x take such requirements as well",
  placed(async (place, repository) => {
    const release = demo("1.0", {
      files: { "demo.py": "def main():\n    print('from git')\n" },
      "console-scripts": { demo: "demo:main" },
    });
    repository.commit(projectFiles(release));
    place.write({
      "s.py": `# /// script\n# dependencies = ["demo @ ${repository.url}"]\n# ///\nimport demo; demo.main()\n`,
    });
    assert.is((await place.run(["run", "s.py"])).stdout, "from git\n");
    assert.is((await place.run(["x", `demo @ ${repository.url}`])).stdout, "from git\n");
  }),
);

const REFUSED: Readonly<Record<string, readonly [url: string, code: string, exitCode: number, words: RegExp]>> = {
  "a branch that is not there": [
    "URL@mian",
    "E_GIT_REVISION",
    4,
    /has no branch, tag or commit `mian`[^]*did you mean: `main`/,
  ],
  "a commit that is not there": [`URL@${"0".repeat(39)}1`, "E_GIT_REVISION", 4, /has no commit `0{39}1`/],
  "a revision that would be an option": [
    "URL@--upload-pack=touch",
    "E_GIT_REFERENCE",
    3,
    /names a revision that is none/,
  ],
  "a host that would be an option": ["git+ssh://-oProxyCommand=touch/x", "E_GIT_REFERENCE", 3, /no host|no URL/],
  "an address as scp writes it": [
    "git+ssh://git@git.example:me/demo",
    "E_GIT_REFERENCE",
    3,
    /git\+ssh:\/\/git@git\.example\/me\/demo/,
  ],
  "a helper program as the transport": ["git+ext::sh -c touch", "E_USAGE", 2, /./],
  "another helper": ["git+ext://sh/x", "E_GIT_REFERENCE", 3, /scheme `ext`/],
  "a repository that is not there": ["URL.none", "E_GIT_REPOSITORY", 4, /there is no repository, or none you may see/],
  "a folder outside of it": ["URL#subdirectory=../x", "E_GIT_REFERENCE", 3, /outside of the repository/],
  "a folder that is not in it": ["URL#subdirectory=nowhere", "E_GIT_REPOSITORY", 4, /in `nowhere`/],
  "another package": [
    "URL#subdirectory=other",
    "E_DIRECT_NAME",
    4,
    /leads to the package `other`[^]*`other @ git\+file/,
  ],
  "a server that is not there": ["git+http://127.0.0.1:9/x", "E_NETWORK", 5, /can't be reached/],
};
test(
  "what can't be understood, found or reached is refused with its own code",
  placed(async (place, repository) => {
    repository.commit({ ...projectFiles(demo("1.0")), ...projectFiles({ name: "other", version: "1.0" }, "other/") });
    for (const [what, [written, code, exitCode, words]] of Object.entries(REFUSED)) {
      const result = await ask(place, written.replace("URL", repository.url));
      assert.equal(
        [/error\[(\w+)\]/.exec(result.stderr)?.[1], result.exitCode],
        [code, exitCode],
        `${what}: ${result.stderr}`,
      );
      assert.match(result.stderr, words, what);
    }
    assert.not.ok(fs.readdirSync(place.cwd).some((name) => name.includes("touch")));
  }),
);

test(
  "without git it is said what is missing",
  placed(async (place, repository) => {
    const programs = path.join(place.root, "programs");
    fs.mkdirSync(programs);
    fs.symlinkSync(requirePython().path, path.join(programs, "python3"));
    const env = { PATH: programs };
    const missing = await place.run(["run", "--with", `demo @ ${repository.url}`, "-c", ASK], { env });
    assert.is(missing.exitCode, 3);
    assert.match(missing.stderr, /error\[E_GIT_MISSING\]: `demo @ git\+file:.*` needs `git`, which is not installed/);
  }),
);

test(
  "files kept by Git LFS are fetched when they are asked for",
  placed(async (place, repository) => {
    repository.commit(projectFiles(demo("1.0")));
    const programs = path.join(place.root, "programs");
    const log = path.join(place.root, "lfs");
    place.write({ "../programs/git-lfs": `#!/bin/sh\necho "$@" >> ${log}\n` });
    fs.chmodSync(path.join(programs, "git-lfs"), 0o755);
    const env = {
      PATH: [programs, path.dirname(requirePython().path), "/usr/local/bin", "/usr/bin", "/bin"].join(":"),
    };
    const run = (url: string, more: Record<string, string> = {}) =>
      place.run(["run", "--with", `demo @ ${url}`, "-c", "import demo"], { env: { ...env, ...more } });
    assert.is((await run(repository.url)).exitCode, 0);
    assert.not.ok(fs.existsSync(log));
    assert.is((await run(`${repository.url}#lfs=true`)).exitCode, 0);
    assert.match(fs.readFileSync(log, "utf8"), "install --local");
    fs.rmSync(log);
    assert.is((await run(`${repository.url}@main`, { PYBUN_GIT_LFS: "1" })).exitCode, 0);
    assert.not.ok(fs.existsSync(log), "the commit with its files is here already");
  }),
);

test.run();
