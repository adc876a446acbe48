import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { publicKeyOf, verifiedManifest } from "../../plugin-api/mirror/signature.ts";
import { makeRepository, projectFiles } from "../harness/git-repository.ts";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { makeWheel } from "../harness/wheel.ts";

const index = await startIndex({
  packages: [
    { name: "Demo.App", version: "1.0", requires: ["needed>=1", "windows-part; sys_platform == 'win32'"], sdist: true },
    { name: "Demo.App", version: "0.9" },
    {
      name: "needed",
      version: "1.0",
      "requires-python": ">=3.8",
      tags: ["py3-none-any", "cp311-cp311-win_amd64"],
      uploaded: "2024-01-01T00:00:00Z",
    },
    { name: "windows-part", version: "2.0" },
    { name: "other", version: "1.0" },
  ],
});
test.after(() => index.stop());

const placed = (body: (place: Place, index: IndexServer) => Promise<void>) =>
  inPlace(
    async (place) => {
      index.forget();
      await body(place, index);
    },
    { index },
  );

/** Makes or adds to the mirror `m`; gives the result as data. */
async function create(place: Place, ...argv: readonly string[]) {
  const result = await place.run(["--format=json", "mirror", "create", "m", ...argv]);
  assert.is(result.exitCode, 0, result.stdout);
  return result.json().data as {
    readonly added: readonly string[];
    readonly files: number;
    readonly public_key: string | null;
  };
}
const APP = ["demo_app-1.0-py3-none-any.whl", "demo_app-1.0.tar.gz", "needed-1.0-py3-none-any.whl"];
const filesIn = (place: Place): readonly string[] =>
  fs
    .readdirSync(path.join(place.cwd, "m/files"), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ name }) => name)
    .sort();
const failure = async (place: Place, ...argv: readonly string[]): Promise<string> => {
  const { stderr, exitCode } = await place.run(["mirror", "create", ...argv]);
  assert.is.not(exitCode, 0);
  return stderr;
};

test(
  "requirements and what they need are there for this machine, or for those that are named",
  placed(async (place) => {
    assert.equal((await create(place, "demo-app")).added, APP);
    const metadata = APP.filter((name) => name.endsWith(".whl")).map((name) => `${name}.metadata`);
    assert.equal(filesIn(place), [...APP, ...metadata].sort());
    const more = await create(place, "demo-app", "--platform", "windows", "--python-version", "3.11");
    assert.equal(more.added, ["needed-1.0-cp311-cp311-win_amd64.whl", "windows_part-2.0-py3-none-any.whl"]);
    assert.is(more.files, 5);
  }),
);

test(
  "a second call adds what is new, asks for nothing that is there, and changes nothing when nothing is",
  placed(async (place) => {
    await create(place, "demo-app");
    const before = index.count("file");
    const dry = await create(place, "demo-app", "other", "--dry-run");
    assert.equal([dry.added, filesIn(place).length], [["other-1.0-py3-none-any.whl"], 5]);
    assert.equal((await create(place, "demo-app", "other")).added, ["other-1.0-py3-none-any.whl"]);
    assert.is(index.count("file"), before + 1);
    const written = fs.statSync(path.join(place.cwd, "m/simple/manifest.txt")).mtimeMs;
    assert.equal((await create(place, "other")).added, []);
    assert.is(fs.statSync(path.join(place.cwd, "m/simple/manifest.txt")).mtimeMs, written);
  }),
);

test(
  "a lock is mirrored with the files of all its platforms, or of some",
  placed(async (place) => {
    place.write({
      "pyproject.toml":
        '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["demo-app"]\n',
    });
    assert.is((await place.run(["lock"])).exitCode, 0);
    const part = await create(place, "--from-lock", "--platform", "linux");
    assert.equal(part.added, APP);
    const rest = await create(place, "--from-lock");
    assert.equal(rest.added, ["needed-1.0-cp311-cp311-win_amd64.whl", "windows_part-2.0-py3-none-any.whl"]);
    assert.match(await failure(place, "m2", "--from-lock=none.lockb"), /E_LOCK_MISSING/);
  }),
);

const CODE = "import demo_app, needed; print(demo_app.version, needed.version)";

test(
  "PyBun installs from it without a network, from the folder and over HTTP",
  placed(async (place) => {
    await create(place, "demo-app");
    index.forget();
    const folder = ["run", "--index", "m/simple", "--with", "demo-app", "-c", CODE];
    const offline = await place.run(["--offline", ...folder], { env: { PYBUN_HOME: path.join(place.root, "new") } });
    assert.equal([offline.stdout, offline.stderr], ["1.0 1.0\n", ""]);
    const server = await serve(path.join(place.cwd, "m"));
    try {
      const { stdout, stderr } = await place.run([
        "run",
        "--index",
        `${server.origin}/simple/`,
        "--with",
        "demo-app",
        "-c",
        CODE,
      ]);
      assert.equal([stdout, stderr], ["1.0 1.0\n", ""]);
    } finally {
      await server.stop();
    }
    assert.is(index.requests.length, 0);
  }),
);

/** A plain web server for a folder. */
async function serve(root: string) {
  const server = http.createServer((request, response) => {
    const wanted = path.join(root, decodeURIComponent((request.url as string).split("?")[0] as string));
    const file = wanted.endsWith("/") ? `${wanted}index.html` : wanted;
    if (!fs.existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, file.endsWith(".html") ? { "Content-Type": "text/html" } : {}).end(fs.readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, stop: () => new Promise((resolve) => server.close(resolve)) };
}

const python = requirePython().path;
const hasPip = spawnSync(python, ["-m", "pip", "--version"]).status === 0;
const uv = (process.env["PATH"] ?? "")
  .split(path.delimiter)
  .map((folder) => path.join(folder, "uv"))
  .find((file) => fs.existsSync(file));

/** Another tool, with nothing of the machine's own settings. */
function tool(place: Place, program: string, ...args: readonly string[]): void {
  const env = {
    PATH: "/usr/bin:/bin",
    HOME: place.home,
    TMPDIR: place.temporary,
    PIP_CONFIG_FILE: "/dev/null",
    UV_NO_CONFIG: "1",
  };
  const { status, stderr } = spawnSync(program, args, { cwd: place.cwd, encoding: "utf8", env });
  assert.is(status, 0, stderr);
}

(hasPip ? test : test.skip)(
  "pip installs from it",
  placed(async (place) => {
    await create(place, "demo-app");
    const url = new URL(`file://${place.cwd}/m/simple/`).href;
    tool(
      place,
      python,
      "-m",
      "pip",
      "install",
      "--quiet",
      "--no-cache-dir",
      "--target",
      "t",
      "--index-url",
      url,
      "demo-app",
    );
    assert.ok(place.exists("t/demo_app/__init__.py") && place.exists("t/needed/__init__.py"));
  }),
);

(uv === undefined ? test.skip : test)(
  "uv installs from it, from the folder and over HTTP",
  placed(async (place) => {
    await create(place, "demo-app");
    const folder = new URL(`file://${place.cwd}/m/simple/`).href;
    const common = ["pip", "install", "--quiet", "--cache-dir", path.join(place.root, "uv"), "--python", python];
    tool(place, uv as string, ...common, "--target", "t", "--index-url", folder, "demo-app");
    assert.ok(place.exists("t/demo_app/__init__.py") && place.exists("t/needed/__init__.py"));
  }),
);

test(
  "with a key the manifest is signed, stays so, and is good for a while",
  placed(async (place) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    place.write({ "key.pem": privateKey.export({ format: "pem", type: "pkcs8" }), "none.pem": "nothing" });
    const made = await create(place, "needed", "--sign-key", "key.pem", "--expires", "2");
    const publicKey = publicKeyOf(privateKey);
    assert.is(made.public_key, publicKey);
    const manifest = () => fs.readFileSync(path.join(place.cwd, "m/simple/manifest.txt"), "utf8");
    const check = (nowMs: number) => verifiedManifest(manifest(), { publicKey, nowMs, where: "manifest" });
    assert.ok(check(Date.now()).files.has("simple/needed/index.html"));
    assert.throws(() => check(Date.now() + 3 * 86_400_000), /expired/);
    assert.match(await failure(place, "m", "other"), /E_MIRROR\]: `.*m` is signed, and would not be any more/);
    assert.ok(check(Date.now()), "and is as it was");
    await create(place, "other", "--sign-key", "key.pem");
    assert.ok(check(Date.now() + 3 * 86_400_000).files.has("simple/other/index.json"));
    assert.match(await failure(place, "n", "other", "--sign-key", "none.pem"), /`none.pem` holds no ed25519 key/);
    assert.match(await failure(place, "n", "other", "--sign-key", "no.pem"), /is not there\n.*openssl genpkey/);
    assert.match(await failure(place, "n", "other", "--expires", "2"), /give `--sign-key`/);
    assert.not.ok(place.exists("n"));
  }),
);

test(
  "an index with the public key takes what was signed, and nothing else",
  placed(async (place) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    place.write({ "key.pem": privateKey.export({ format: "pem", type: "pkcs8" }) });
    await create(place, "demo-app", "--sign-key", "key.pem");
    const table = (publicKey: string) =>
      place.write({
        "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n[[tool.pybun.index]]\nname = "m"\nurl = "m/simple"\ndefault = true\npublic-key = "${publicKey}"\n`,
      });
    const run = (home: string) =>
      place.run(["run", "--with", "demo-app", "-c", CODE], {
        env: { PYBUN_HOME: path.join(place.root, home), PYBUN_INDEX_URL: undefined },
      });
    table(publicKeyOf(privateKey));
    const signed = await run("a");
    assert.equal([signed.stdout, signed.stderr], ["1.0 1.0\n", ""]);
    const page = path.join(place.cwd, "m/simple/needed/index.json");
    const text = fs.readFileSync(page, "utf8");
    fs.writeFileSync(page, text.replace("needed-1.0-py3", "n33ded-1.0-py3"));
    const changed = await run("b");
    assert.equal([changed.exitCode, /error\[(\w+)\]/.exec(changed.stderr)?.[1]], [6, "E_SIGNATURE"], changed.stderr);
    fs.writeFileSync(page, text);
    table(publicKeyOf(generateKeyPairSync("ed25519").privateKey));
    assert.match((await run("c")).stderr, /E_SIGNATURE\]: .*manifest.txt is signed by another key/);
  }),
);

test(
  "a fetch that fails leaves the mirror as it was, and the next call goes on",
  inPlace(async (place) => {
    const faulty = await startIndex({
      packages: [
        { name: "good", version: "1.0" },
        { name: "late", version: "1.0", requires: ["good"] },
      ],
      faults: [{ url: "*late*.whl", status: 403, times: 20 }],
    });
    try {
      const env = { PYBUN_INDEX_URL: faulty.url };
      assert.is((await place.run(["mirror", "create", "m", "good"], { env })).exitCode, 0);
      const before = fs.readFileSync(path.join(place.cwd, "m/simple/manifest.txt"), "utf8");
      const failed = await place.run(["mirror", "create", "m", "late"], { env });
      assert.is(failed.exitCode, 5, failed.stderr);
      assert.is(fs.readFileSync(path.join(place.cwd, "m/simple/manifest.txt"), "utf8"), before);
      assert.equal(fs.readdirSync(path.join(place.cwd, "m")).sort(), ["files", "simple"]);
    } finally {
      await faulty.stop();
    }
  }),
);

test(
  "folders that are no mirror are left alone, and what is no archive is told of",
  placed(async (place) => {
    place.write({ "src/app.py": "" });
    assert.match(
      await failure(place, "src", "needed"),
      /E_MIRROR\]: `.*src` holds something else than a mirror\n {2}app.py/,
    );
    assert.match(await failure(place, "m"), /nothing to put into the mirror/);
    assert.match(
      await failure(place, "m", "needed", "--platform", "beos"),
      /`--platform` takes linux, macos or windows/,
    );
    const repository = makeRepository(path.join(place.root, "repository"));
    repository.commit(projectFiles({ name: "own", version: "1.0", requires: ["needed"] }));
    const wheel = makeWheel({ name: "mine", version: "3.0" });
    fs.writeFileSync(path.join(place.cwd, wheel.filename), wheel.bytes);
    const { stderr, stdout, exitCode } = await place.run([
      "mirror",
      "create",
      "m",
      repository.url,
      `./${wheel.filename}`,
    ]);
    assert.is(exitCode, 0, stderr);
    assert.match(stderr, "warning[W_MIRROR_SKIPPED]: own 1.0 is no archive (git), and not in the mirror");
    assert.match(stdout, /^Added 2 files/);
    assert.ok(place.exists(`m/files/mine/${wheel.filename}`));
    fs.appendFileSync(path.join(place.cwd, "m/files/mine", wheel.filename), "x");
    assert.match(await failure(place, "m", "needed"), /E_MIRROR\]: the mirror's page of `mine` is damaged/);
  }),
);

test.run();
