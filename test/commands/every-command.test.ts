import { test } from "uvu";
import * as assert from "uvu/assert";
import { presets } from "../../presets/shipped.ts";
import { inPlace } from "../harness/project.ts";

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
        const { command, exit_code, diagnostics } = result.json();
        assert.is(result.stderr, "", words.join(" "));
        assert.equal([command, exit_code], [`pybun ${path}`, result.exitCode], words.join(" "));
        const inner = diagnostics.find(({ code }) => /^E_(INTERNAL|NO_HANDLER|NO_SERVICE)$/.test(code));
        assert.is(inner, undefined, `${words.join(" ")}: ${inner?.message}`);
      }
    }),
  );
}

test.run();
