import { test } from "uvu";
import * as assert from "uvu/assert";
import { presets } from "../../presets/shipped.ts";
import { inPlace } from "../harness/project.ts";

const commands = (presets["default"]?.plugins ?? []).flatMap((plugin) => Object.entries(plugin.commands ?? {}));

test(
  "every way to ask for the main help gives the same, on standard output",
  inPlace(async (place) => {
    const answers = await Promise.all([[], ["--help"], ["-h"], ["help"]].map((words) => place.run(words)));
    for (const { exitCode, stdout, stderr } of answers) {
      assert.equal([exitCode, stderr], [0, ""]);
      assert.is(stdout, answers[0]?.stdout);
    }
    assert.match(answers[0]?.stdout ?? "", /^Usage: pybun <command> \[options\]$/m);
  }),
);

test(
  "it is the same at every width off a terminal, in every language and without colour",
  inPlace(async (place) => {
    const [plain, other] = await Promise.all([
      place.run(["--help"]),
      place.run(["--help"], { env: { COLUMNS: "40", LANG: "de_DE.UTF-8", TERM: "xterm-256color" } }),
    ]);
    assert.is(plain.stdout, other.stdout);
    assert.not.match(plain.stdout, "\u001b");
  }),
);

test(
  "every command explains itself, and its options, by name",
  inPlace(async (place) => {
    for (const [path, { spec }] of commands) {
      const words = path.split(" ");
      const [asked, told] = await Promise.all([place.run(["help", ...words]), place.run([...words, "--help"])]);
      assert.equal([asked.exitCode, asked.stderr, told.stdout], [0, "", asked.stdout], path);
      assert.ok(asked.stdout.replace(/\s+/g, " ").startsWith(spec.summary), path);
      for (const [name, option] of Object.entries(spec.options)) {
        const no = option.kind === "flag" && option.default ? "no-" : "";
        const flag = `--${no}${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
        if (!option.isHidden) assert.ok(asked.stdout.includes(flag), `${path} does not tell ${flag}`);
      }
    }
  }),
);

test(
  "--help behind the target is the target's",
  inPlace(async (place) => {
    place.write({ "show.py": "import sys\nprint(sys.argv[1:])\n" });
    assert.is((await place.run(["run", "show.py", "--help"])).stdout, "['--help']\n");
  }),
);

test(
  "help for what is no command ends with 2 and offers what was meant",
  inPlace(async (place) => {
    const { exitCode, stdout, stderr } = await place.run(["help", "pyhton"]);
    assert.equal([exitCode, stdout], [2, ""]);
    assert.match(stderr, /^error\[E_USAGE\]/);
    assert.match(stderr, "python");
  }),
);

test.run();
