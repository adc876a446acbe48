import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace } from "../harness/project.ts";

const index = await startIndex({ packages: [{ name: "marmalade", version: "1.0", files: { "marmalade.py": "" } }] });
test.after(() => index.stop());

// --format

test(
  "--format counts before and behind the command, and before the variable",
  inPlace(async (place) => {
    const forms = [
      place.run(["--format=json", "explain", "E_USAGE"]),
      place.run(["explain", "E_USAGE", "--format", "json"]),
      place.run(["explain", "E_USAGE"], { env: { PYBUN_FORMAT: "json" } }),
    ];
    for (const result of await Promise.all(forms)) assert.is(result.json().command, "pybun explain");
    const text = await place.run(["--format=text", "explain", "E_USAGE"], { env: { PYBUN_FORMAT: "json" } });
    assert.match(text.stdout, /^E_USAGE: /);
  }),
);

test(
  "--format=ndjson has one event a line, numbered, and ends with the envelope",
  inPlace(async (place) => {
    const { stdout, stderr } = await place.run(["--format=ndjson", "python", "list"]);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const events = lines.slice(0, -1);
    assert.is(stderr, "");
    assert.is(events[0]?.["type"], "CommandStart");
    assert.equal(
      events.map((event) => event["seq"]),
      events.map((_, index) => index + 1),
    );
    for (const event of events) assert.match(String(event["timestamp"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal([lines.at(-1)?.["status"], lines.at(-1)?.["command"]], ["ok", "pybun python list"]);
  }),
);

// --color

test(
  "off a terminal there is no colour but with --color=always or FORCE_COLOR, and NO_COLOR forbids it",
  inPlace(async (place) => {
    const ESCAPE = "\u001b[";
    const text = async (words: readonly string[], env = {}): Promise<string> => {
      const { stderr } = await place.run([...words, "nonsense"], { env });
      return stderr;
    };
    assert.not.ok((await text([])).includes(ESCAPE));
    assert.ok((await text(["--color=always"])).includes(ESCAPE));
    assert.ok((await text([], { FORCE_COLOR: "1" })).includes(ESCAPE));
    assert.not.ok((await text([], { FORCE_COLOR: "1", NO_COLOR: "1" })).includes(ESCAPE));
    assert.not.ok((await text(["--color=never"], { FORCE_COLOR: "1" })).includes(ESCAPE));
  }),
);

// --directory

test(
  "--directory acts as if started there",
  inPlace(async (place) => {
    place.write({ "sub/where.py": "import os\nprint(os.getcwd())\n" });
    const { stdout, stderr } = await place.run(["--directory", "sub", "run", "where.py"]);
    assert.equal([stdout, stderr], [`${path.join(place.cwd, "sub")}\n`, ""]);
    const missing = await place.run(["--directory", "nowhere", "python", "list"]);
    assert.ok(missing.exitCode === 2 || missing.exitCode === 3, missing.stderr);
    assert.match(missing.stderr, "nowhere");
  }),
);

// --cache-dir, PYBUN_HOME

test(
  "--cache-dir is where everything is kept, before the variable",
  inPlace(async (place) => {
    await place.run(["--cache-dir", "kept", "run", "-c", "pass"]);
    assert.ok(place.exists("kept"));
    assert.not.ok(fs.existsSync(place.data));
  }),
);

// --config-file, --no-config

test(
  "a settings file is read from where --config-file says, and not at all with --no-config",
  inPlace(async (place) => {
    place.write({ "own.toml": "[ui]\nformat = 'json'\n", ".pybun/config.toml": "[ui]\nformat = 'json'\n" });
    place.write({ "pyproject.toml": "[project]\nname = 'a'\nversion = '1'\n" });
    assert.is((await place.run(["explain", "E_USAGE"])).json().status, "ok");
    assert.match((await place.run(["--no-config", "explain", "E_USAGE"])).stdout, /^E_USAGE: /);
    fs.rmSync(path.join(place.cwd, ".pybun"), { recursive: true });
    assert.match((await place.run(["explain", "E_USAGE"])).stdout, /^E_USAGE: /);
    assert.is((await place.run(["--config-file", "own.toml", "explain", "E_USAGE"])).json().status, "ok");
  }),
);

// --quiet, --verbose

test(
  "--quiet keeps what was asked for and errors; --verbose says where an error came from",
  inPlace(async (place) => {
    assert.match((await place.run(["--quiet", "explain", "E_USAGE"])).stdout, /^E_USAGE: /);
    assert.match((await place.run(["-q", "nonsense"])).stderr, /^error\[E_USAGE\]/);
    const short = (await place.run(["python", "find", "3.99"])).stderr;
    const long = (await place.run(["-v", "python", "find", "3.99"])).stderr;
    assert.ok(long.length > short.length);
    assert.match(long, /run [0-9a-f-]{36}/);
  }),
);

test(
  "--quiet leaves out how it went, the first time and when nothing is to be done",
  inPlace(
    async (place) => {
      const silent = async (...words: string[]): Promise<void> => {
        const { exitCode, stdout, stderr } = await place.run(words);
        assert.equal([exitCode, stdout, stderr], [0, "", ""], words.join(" "));
      };
      await silent("init", "-q", "--bare", "--name", "shop");
      for (const words of [
        ["add", "marmalade"],
        ["lock"],
        ["sync"],
        ["sync"],
        ["remove", "marmalade"],
        ["verify"],
        ["gc"],
      ])
        await silent("--quiet", ...words);
      await silent("venv", "elsewhere", "-q");
      await silent("sync", "-q");
      for (const name of [".pybun", ".venv"]) fs.rmSync(path.join(place.cwd, name), { recursive: true });
      await silent("sync", "-q");
      const asked = await place.run(["-q", "tree"]);
      assert.match(asked.stdout, /^shop/);
      assert.match((await place.run(["-q", "add", "marmalade", "--dry-run"])).stdout, /\+ marmalade/);
      assert.match((await place.run(["sync"])).stdout, /^Up to date/);
    },
    { index },
  ),
);

// --redact

test(
  "a password in an index's address is never shown",
  inPlace(async (place) => {
    const env = { PYBUN_INDEX_URL: "http://user:very-secret@127.0.0.1:9/simple/", PYBUN_HTTP_RETRIES: "0" };
    place.write({ "s.py": "# /// script\n# dependencies = ['a']\n# ///\n" });
    for (const words of [
      ["run", "s.py"],
      ["-vv", "run", "s.py"],
      ["--format=json", "--trace", "run", "s.py"],
    ]) {
      const { exitCode, stdout, stderr } = await place.run(words, { env });
      assert.is(exitCode, 5, stdout + stderr);
      assert.not.match(stdout + stderr, "very-secret");
    }
    const logs = fs.existsSync(path.join(place.data, "logs")) ? fs.readdirSync(path.join(place.data, "logs")) : [];
    for (const name of logs) {
      assert.not.match(fs.readFileSync(path.join(place.data, "logs", name), "utf8"), "very-secret");
    }
  }),
);

// --trace

test(
  "--trace gives the run an id, and without it there is none",
  inPlace(async (place) => {
    const traced = (await place.run(["--format=json", "--trace", "python", "list"])).json() as { trace_id?: string };
    assert.match(traced.trace_id ?? "", /^[0-9a-f-]{36}$/);
    const plain = (await place.run(["--format=json", "python", "list"])).json() as { trace_id?: string };
    assert.is(plain.trace_id, undefined);
  }),
);

test.run();
