import { test } from "uvu";
import * as assert from "uvu/assert";
import { startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";

const script = (dependency: string) => `# /// script\n# dependencies = ["${dependency}"]\n# ///\nprint("ran")\n`;

/** Every way a command can end, with what the one envelope must then say. */
const outcomes: readonly (readonly [argv: string, exitCode: number, code?: string])[] = [
  ["help", 0],
  ["", 0],
  ["--version", 0],
  ["python list", 0],
  ["python which", 0],
  ["python find 9.9", 3, "E_PYTHON_NOT_FOUND"],
  ["python which --python 9.9", 3, "E_PYTHON_NOT_FOUND"],
  ["plugin list", 0],
  ["plugin check nowhere", 3, "E_PLUGIN"],
  ["plugin add nowhere", 3, "E_PLUGIN"],
  ["plugin remove nowhere", 2, "E_USAGE"],
  ["config list", 0],
  ["config path", 0],
  ["config get nothing", 2, "E_USAGE"],
  ["schema print", 0],
  ["schema check", 0],
  ["explain E_USAGE", 0],
  ["explain E_NOTHING", 2, "E_USAGE"],
  ["completions bash", 0],
  ["completions tcsh", 2, "E_USAGE"],
  ["env list", 0],
  ["venv made", 0],
  ["run -c print(1)", 0],
  ["run -c raise(SystemExit(7))", 7],
  ["run nothing-here.py", 2],
  ["run", 2, "E_USAGE"],
  ["run --no-such app.py", 2, "E_USAGE"],
  ["nothing", 2, "E_USAGE"],
  ["run offline.py", 5, "E_NETWORK"],
  ["--offline run offline.py", 5, "E_OFFLINE_MISS"],
  ["run --dry-run hello.py", 0],
  ["x", 2, "E_USAGE"],
  ["--color=blue help", 2, "E_USAGE"],
  ["--verbose=3 help", 2, "E_USAGE"],
  ["--color help", 2, "E_USAGE"],
  ["--config-file missing.toml help", 3, "E_CONFIG_INVALID"],
];
for (const [words, exitCode, code] of outcomes)
  for (const format of ["json", "ndjson"] as const)
    test(
      `pybun --format=${format} ${words} ends with ${exitCode} in one envelope`,
      inPlace(async (place) => {
        place.write({ "offline.py": script("anything"), "hello.py": "print(1)\n" });
        const result = await place.run([`--format=${format}`, ...words.split(" ").filter(Boolean)]);
        check(result, exitCode, code);
      }),
    );

function check(result: Result, exitCode: number, code: string | undefined): void {
  assert.is(result.exitCode, exitCode, `${result.stdout}\n${result.stderr}`);
  assert.is(result.stderr, "");
  const lines = result.stdout.trimEnd().split("\n");
  const envelope = JSON.parse(lines.at(-1) ?? "") as {
    exit_code: number;
    status: string;
    diagnostics: { code: string }[];
  };
  assert.is(envelope.exit_code, exitCode);
  assert.is(envelope.status, exitCode === 0 ? "ok" : "error");
  if (code !== undefined)
    assert.ok(
      envelope.diagnostics.some((each) => each.code === code),
      JSON.stringify(envelope.diagnostics),
    );
}

/** Resolves when the condition holds, or when the command ended without it. */
async function until(condition: () => boolean, ended: Promise<unknown>): Promise<void> {
  const over = ended.then(() => true);
  for (;;) {
    const later = new Promise<false>((resolve) => setTimeout(() => resolve(false), 2));
    if (condition() || (await Promise.race([over, later]))) return;
  }
}

const interrupted = async (place: Place, signal: "SIGINT" | "SIGTERM" | "SIGHUP") => {
  const running = place.start(["--format=json", "run", "wait.py"]);
  await until(() => place.exists("started"), running.ended);
  running.kill(signal);
  return running.ended;
};
for (const [signal, exitCode] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  test(
    `${signal} while a child runs ends both, in one envelope`,
    inPlace(async (place) => {
      place.write({ "wait.py": 'import time\nopen("started", "w").close()\ntime.sleep(60)\n' });
      const result = await interrupted(place, signal);
      assert.is(result.exitCode, exitCode, result.stdout);
      assert.is(result.json().error_type, "Interrupted");
    }),
  );

test("SIGINT while the index does not answer ends the command, in one envelope", async () => {
  const index = await startIndex({
    packages: [{ name: "slow", version: "1" }],
    faults: [{ url: "*slow*", hang: true }],
  });
  try {
    await inPlace(
      async (place) => {
        place.write({ "slow.py": script("slow") });
        const running = place.start(["--format=json", "run", "slow.py"]);
        await until(() => index.requests.length > 0, running.ended);
        running.kill("SIGINT");
        const result = await running.ended;
        assert.is(result.exitCode, 130, result.stdout);
        assert.is(result.json().error_type, "Interrupted");
      },
      { index },
    )();
  } finally {
    await index.stop();
  }
});

test.run();
