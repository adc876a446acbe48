import { test } from "uvu";
import * as assert from "uvu/assert";
import { presets } from "../../presets/shipped.ts";
import { startIndex } from "../harness/index-server.ts";
import { createPlace, inPlace } from "../harness/project.ts";

// What holds for every command that is there or to come. The harness holds each envelope to the schema.

const commands = (presets["default"]?.plugins ?? []).flatMap((plugin) => Object.entries(plugin.commands ?? {}));
const PROJECT = "[project]\nname = 'a'\nversion = '1'\n";

for (const [path, { spec }] of commands) {
  const operands = (spec.operands ?? "").match(/<[^>]+>/g)?.map(() => "operand") ?? [];
  test(
    `${path}: one envelope on standard output, nothing on standard error, whatever happens`,
    inPlace(async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      const calls = [path.split(" "), [...path.split(" "), ...operands], [...path.split(" "), "--no-such-option"]];
      for (const words of calls) {
        const result = await place.run(["--format=json", ...words]);
        const { command, exit_code } = result.json();
        assert.is(result.stderr, "", words.join(" "));
        assert.equal([command, exit_code], [`pybun ${path}`, result.exitCode], words.join(" "));
        assert.not.equal(exit_code, 70, `${words.join(" ")}: ${result.stdout}`);
      }
    }),
  );
}

test("a network that is down, a signal and a broken settings file end in an envelope, too", async () => {
  const index = await startIndex({ packages: [{ name: "a", version: "1" }], faults: [{ url: "*", hang: true }] });
  const place = createPlace({ index });
  try {
    place.write({ "s.py": "# /// script\n# dependencies = ['a']\n# ///\n" });
    const down = await place.run(["--format=json", "run", "s.py"], {
      env: { PYBUN_INDEX_URL: "http://127.0.0.1:9/simple/" },
    });
    assert.equal([down.exitCode, down.json().diagnostics[0]?.code], [5, "E_NETWORK"]);
    for (const [signal, exitCode] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      index.forget();
      const running = place.start(["--format=json", "run", "s.py"]);
      while (index.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      running.kill(signal);
      const result = await running.ended;
      assert.equal([result.exitCode, result.json().exit_code, result.json().status], [exitCode, exitCode, "error"]);
      assert.equal(place.leftovers(), []);
    }
    place.write({ "pyproject.toml": "[tool.pybun]\noffline = 'perhaps'\n" });
    const broken = await place.run(["--format=json", "python", "list"]);
    assert.equal([broken.exitCode, broken.json().diagnostics[0]?.code], [3, "E_CONFIG_INVALID"]);
  } finally {
    await index.stop();
    place.remove();
  }
});

test.run();
