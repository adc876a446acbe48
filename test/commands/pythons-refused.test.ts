import { generateKeyPairSync } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { installedName, packFakePython } from "../harness/fake-python-tar.ts";
import { hostileTar, tarPiece } from "../harness/hostile-tar.ts";
import type { PythonMirror, PythonTar } from "../harness/python-mirror.ts";
import { FAKE, fake, installed, type Mirrored, mirrored } from "../harness/python-scene.ts";

/** What a mirror may do wrong -> what the command says; nothing is left of it. */
const REFUSED: Readonly<
  Record<string, { readonly code: string; readonly exit: number; readonly spoil: (scene: Mirrored) => void }>
> = {
  "an archive that is not the announced one": {
    code: "E_HASH_MISMATCH",
    exit: 6,
    spoil: ({ server }) => server.fail({ url: "*.tar.gz", corrupt: true }),
  },
  "a table with another digest than it was signed for": {
    code: "E_SIGNATURE",
    exit: 6,
    spoil: ({ mirror }) => edit(mirror, (text) => text.replace(/^[0-9a-f]{8}/m, "00000000")),
  },
  "a table without a signature": {
    code: "E_SIGNATURE",
    exit: 6,
    spoil: ({ mirror }) => edit(mirror, (text) => text.replace(/^signature.*\n/m, "")),
  },
  "a table that another key has signed": {
    code: "E_SIGNATURE",
    exit: 6,
    spoil: ({ mirror }) => mirror.sign({ key: generateKeyPairSync("ed25519").privateKey }),
  },
  "a table that has expired": {
    code: "E_SIGNATURE",
    exit: 6,
    spoil: ({ mirror }) => mirror.sign({ expiresAtMs: Date.UTC(2026, 0, 2) }),
  },
  "no table": {
    code: "E_SIGNATURE",
    exit: 6,
    spoil: ({ mirror }) => fs.rmSync(path.join(mirror.folder, "manifest.txt")),
  },
  "a mirror without the archive": {
    code: "E_NETWORK",
    exit: 5,
    spoil: ({ mirror }) => fs.rmSync(mirror.fileOf((fake() as readonly [PythonTar])[0])),
  },
  "an archive with a path that leads out": {
    code: "E_ARCHIVE_UNSAFE",
    exit: 6,
    spoil: (scene) => exchangeArchive(scene, hostileTar([tarPiece({ name: "python/../../../outside", data: "x" })])),
  },
  "an archive with a link that leads out": {
    code: "E_ARCHIVE_UNSAFE",
    exit: 6,
    spoil: (scene) =>
      exchangeArchive(scene, hostileTar([tarPiece({ name: "python/bin/python3.12", type: "2", link: "/bin/sh" })])),
  },
  "an archive without a Python": {
    code: "E_PYTHON_BROKEN",
    exit: 3,
    spoil: (scene) => exchangeArchive(scene, hostileTar([tarPiece({ name: "python/readme", data: "x" })])),
  },
  "a Python of another version than its name says": {
    code: "E_PYTHON_BROKEN",
    exit: 3,
    spoil: (scene) => exchangeArchive(scene, packFakePython({ version: FAKE, saidVersion: "3.12.89" }).bytes),
  },
  "a Python that does not start": {
    code: "E_PYTHON_BROKEN",
    exit: 3,
    spoil: (scene) => exchangeArchive(scene, packFakePython({ version: FAKE, instead: "exit 127" }).bytes),
  },
};

function edit({ folder }: PythonMirror, change: (text: string) => string): void {
  const file = path.join(folder, "manifest.txt");
  fs.writeFileSync(file, change(fs.readFileSync(file, "utf8")));
}

/** Another content under the same name, properly listed and signed. */
function exchangeArchive({ mirror }: Mirrored, bytes: Buffer): void {
  const [archive] = fake() as readonly [PythonTar];
  fs.writeFileSync(mirror.fileOf(archive), bytes);
  mirror.sign({ archives: [{ ...archive, bytes }] });
}

for (const [name, { code, exit, spoil }] of Object.entries(REFUSED))
  test(
    `${name} is refused, and nothing is left of it`,
    mirrored(fake, async (scene) => {
      const { place, env, pythons } = scene;
      spoil(scene);
      const result = await place.run(["python", "install", "3.12"], { env });
      assert.is(result.exitCode, exit, result.stderr);
      assert.match(result.stderr, `error[${code}]`);
      assert.equal(installed(pythons), []);
    }),
  );

test(
  "a project's files can't name the key that is trusted",
  mirrored(fake, async ({ place, mirror, env }) => {
    place.write({
      "pyproject.toml": `[project]\nname = "x"\nversion = "1"\n[tool.pybun]\npython-mirror-key = "${mirror.publicKey}"\n`,
    });
    const result = await place.run(["python", "install", "3.12"], {
      env: { ...env, PYBUN_PYTHON_MIRROR_KEY: undefined },
    });
    assert.equal(result.exitCode, 3, result.stderr);
    assert.match(result.stderr, "error[E_CONFIG_INVALID]: `python-mirror-key` is not taken from a project's files");
  }),
);

test(
  "without a key the digests in the executable decide, whatever the mirror's own table says",
  mirrored(
    () => [],
    async ({ place, mirror, server, env, pythons }) => {
      const unkeyed = { ...env, PYBUN_PYTHON_MIRROR_KEY: "" };
      const listed = await place.run(["python", "list", "--available", "--format=json"], { env: unkeyed });
      const all = listed.json().data["available"] as readonly Record<string, string>[];
      const wanted = all.find(({ version }) => version?.startsWith("3.12."));
      if (wanted === undefined) return; // a platform that nobody builds for
      assert.is(server.requests.length, 0);
      const folder = path.join(mirror.folder, wanted["build"] as string);
      fs.mkdirSync(folder);
      fs.writeFileSync(path.join(folder, wanted["file"] as string), "not that archive");
      const result = await place.run(["python", "install", wanted["version"] as string], { env: unkeyed });
      assert.is(result.exitCode, 6, result.stderr);
      assert.match(result.stderr, `expected  ${wanted["sha256"] as string}`);
      assert.equal([server.requests.length, installed(pythons)], [1, []]);
    },
  ),
);

test(
  "offline: what is missing is named, with the variable; a folder as mirror needs no network",
  mirrored(fake, async ({ place, mirror, server, env, pythons }) => {
    await place.run(["python", "list", "--available"], { env });
    const missing = await place.run(["--offline", "python", "install", FAKE], { env });
    assert.is(missing.exitCode, 5, missing.stderr);
    assert.match(missing.stderr, `error[E_OFFLINE_MISS]: Python ${FAKE} is not installed and --offline is on`);
    assert.match(missing.stderr, "PYBUN_PYTHON_MIRROR");
    const asked = await place.run(["--offline", "--python", FAKE, "venv", "env"], { env });
    assert.is(asked.exitCode, 5, asked.stderr);
    assert.match(asked.stderr, `Python ${FAKE}, asked by --python, is not installed`);
    assert.is(server.count("tar.gz"), 0);
    const here = { ...env, PYBUN_PYTHON_MIRROR: mirror.url };
    const byPath = { ...env, PYBUN_PYTHON_MIRROR: mirror.folder };
    const seen = await place.run(["--offline", "python", "list", "--available"], { env: byPath });
    assert.match(seen.stdout, `${FAKE}  managed  not installed`);
    const done = await place.run(["--offline", "python", "install", FAKE], { env: here });
    assert.equal([done.exitCode, installed(pythons)], [0, [installedName(FAKE)]], done.stderr);
  }),
);

test.run();
