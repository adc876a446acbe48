import { test as run } from "uvu";
import * as assert from "uvu/assert";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { createPlace, type Place } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";

// Terminals are made with Python's pty module, which Windows has not.
const test = process.platform === "win32" ? run.skip : run;
const SCRIPT = "# /// script\n# dependencies = ['slow', 'other']\n# ///\nimport slow\nprint('ran', slow.version)\n";
const SLOW = { url: "/files/*.whl", "delay-ms": 600 };

/** A script whose two packages take a while to arrive, in a place of its own. */
const withSlowIndex =
  (body: (place: Place, env: Readonly<Record<string, string>>, index: IndexServer) => Promise<void>) =>
  async (): Promise<void> => {
    const packages = ["slow", "other"].map((name) => ({ name, version: "1.0" }));
    const index = await startIndex({ packages, faults: [SLOW, { url: "/simple/*", "delay-ms": 150 }] });
    const place = createPlace({ index });
    try {
      place.write({ "app.py": SCRIPT });
      await body(place, { PYBUN_INDEX_URL: index.url, CI: "" }, index);
    } finally {
      place.remove();
      await index.stop();
    }
  };

/** What is left on the screen, for as much of a terminal's language as is used here. */
function leftOnScreen(shown: string): string {
  const rows = [""];
  let row = 0;
  // oxlint-disable-next-line no-control-regex -- a terminal understands these
  for (const [token, count] of shown.matchAll(/\u001b\[(\d*)[A-Za-z]|\r|\n|[^\u001b\r\n]+/g)) {
    if (token === "\n") rows[++row] ??= "";
    else if (token.startsWith("\u001b") && token.endsWith("A")) row -= Number(count || 1);
    else if (token === "\r" || token === "\u001b[K") rows[row] = "";
    else if (!token.startsWith("\u001b")) rows[row] += token;
  }
  return rows.join("\n");
}

test(
  "a terminal shows downloads while they last, and nothing of it is left",
  withSlowIndex(async (place, env) => {
    const { shown, exitCode } = await runInTerminal(place, ["run", "app.py"], { env });
    assert.is(exitCode, 0, shown);
    assert.match(shown, /⠋ (?:Resolving|Downloading) /);
    assert.match(shown, /Downloading .* \d\/2 /);
    assert.is(leftOnScreen(shown).trim(), "ran 1.0");
  }),
);

test(
  "--no-progress, --progress=never, --quiet, CI and JSON switch it off, PYBUN_PROGRESS too",
  withSlowIndex(async (place, env) => {
    for (const [argv, more] of [
      [["--no-progress"], {}],
      [["--progress=never"], {}],
      [["--quiet"], {}],
      [["--format=json", "--progress=always"], {}],
      [[], { CI: "1" }],
      [[], { PYBUN_PROGRESS: "never" }],
    ] as const) {
      const fresh = { ...env, ...more, PYBUN_PEP723_NO_CACHE: "1" };
      const { shown } = await runInTerminal(place, [...argv, "run", "app.py"], { env: fresh });
      const call = `${argv.join(" ")} ${JSON.stringify(more)}`;
      for (const drawn of ["Resolving", "Downloading", "\u001b[K"]) assert.not.match(shown, drawn, call);
    }
  }),
);

test(
  "a pipe gets plain lines when it asks for them, else none",
  withSlowIndex(async (place, env) => {
    const asked = await place.run(["--progress=always", "run", "app.py"], { env });
    assert.is(asked.stdout, "ran 1.0\n", asked.stderr);
    assert.match(
      asked.stderr,
      /^Resolving\nResolved 2 packages in \S+\nDownloading\nDownloaded 2 packages, \S+ in \S+\n/,
    );
    for (const control of ["\r", "\u001b"]) assert.not.match(asked.stderr, control);
    const fresh = { ...env, PYBUN_PEP723_NO_CACHE: "1" };
    assert.is((await place.run(["run", "app.py"], { env: fresh })).stderr, "");
  }),
);

test(
  "Ctrl-C leaves one line that says what was under way",
  withSlowIndex(async (place, env, index) => {
    index.fail({ url: "/files/*", hang: true });
    const { shown, exitCode } = await runInTerminal(place, ["x", "slow"], { env, interruptAfterMs: 1500 });
    assert.is(exitCode, 130, shown);
    assert.not.match(leftOnScreen(shown), /Downloading|Resolving/);
  }),
);

run.run();
