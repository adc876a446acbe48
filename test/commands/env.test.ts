import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeRepository } from "../harness/git-repository.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";

const PROJECT = "[project]\nname = 'shop'\nversion = '1'\n";
const ask = (python: string, code: string, env: Record<string, string> = {}): string => {
  const ended = spawnSync(python, ["-c", code], { encoding: "utf8", env: { PATH: "/usr/bin:/bin", ...env } });
  assert.is(ended.status, 0, ended.stderr);
  return ended.stdout.trim();
};
const inside = (place: Place, ...parts: string[]): string => path.join(place.cwd, ...parts);

// venv

test(
  "venv makes an environment that Python takes for one",
  inPlace(async (place) => {
    const { exitCode, stderr } = await place.run(["venv", "made"]);
    assert.equal([exitCode, stderr], [0, ""]);
    const python = inside(place, "made", "bin", "python");
    assert.is(ask(python, "import sys; print(sys.prefix)"), inside(place, "made"));
    assert.is(ask(python, "import sys; print(sys.base_prefix != sys.prefix)"), "True");
    assert.is(ask(python, "import sys, site; print(len([p for p in sys.path if 'site-packages' in p]))"), "1");
    assert.is(
      ask(python, "import sys; print('%d.%d' % sys.version_info[:2])"),
      requirePython().version.slice(0, 2).join("."),
    );
  }),
);

test(
  "an environment that is there is kept, unless --clear is given",
  inPlace(async (place) => {
    await place.run(["venv", "made"]);
    place.write({ "made/mine.txt": "mine" });
    assert.is((await place.run(["venv", "made"])).exitCode, 0);
    assert.ok(place.exists("made/mine.txt"));
    assert.is((await place.run(["venv", "--clear", "made"])).exitCode, 0);
    assert.not.ok(place.exists("made/mine.txt"));
  }),
);

test(
  "a folder of something else is never replaced, not even with --clear",
  inPlace(async (place) => {
    place.write({ "work/thesis.txt": "years of work" });
    for (const words of [
      ["venv", "work"],
      ["venv", "--clear", "work"],
    ]) {
      assert.not.equal((await place.run(words)).exitCode, 0);
      assert.is(place.read("work/thesis.txt"), "years of work");
    }
  }),
);

test(
  "--prompt names it in an activated shell, which finds its Python",
  inPlace(async (place) => {
    await place.run(["venv", "--prompt", "my-prompt", "made dir"]);
    const program = `PS1='$ '; . '${inside(place, "made dir", "bin", "activate")}' && echo "$PS1|$VIRTUAL_ENV|$(command -v python)" && deactivate && echo "$PS1"`;
    const { stdout } = spawnSync("bash", ["--norc", "-c", program], {
      encoding: "utf8",
      env: { PATH: "/usr/bin:/bin" },
    });
    const root = inside(place, "made dir");
    assert.is(stdout, `(my-prompt) $ |${root}|${root}/bin/python\n$ \n`);
  }),
);

test(
  "--system-site-packages sees the host's packages, and without it nothing is seen",
  inPlace(async (place) => {
    await place.run(["venv", "--system-site-packages", "open"]);
    await place.run(["venv", "shut"]);
    const code =
      "import sys, sysconfig; print(sysconfig.get_path('purelib', vars={'base': sys.base_prefix}) in sys.path)";
    assert.is(ask(inside(place, "shut", "bin", "python"), code), "False");
    const config = place.read("open/pyvenv.cfg");
    assert.match(config, /^include-system-site-packages = true$/m);
  }),
);

test(
  "what is said to activate an environment in a folder activates that one",
  inPlace(async (place) => {
    const made = await place.run(["--format=json", "venv", "made dir"], { env: { SHELL: "/bin/sh" } });
    const { next_actions: next } = JSON.parse(made.stdout) as { readonly next_actions: readonly { shell: string }[] };
    const shell = next[0]?.shell ?? "";
    const { stdout, stderr } = spawnSync("sh", ["-c", `${shell}; echo "$VIRTUAL_ENV"`], {
      encoding: "utf8",
      cwd: place.cwd,
    });
    assert.equal([stdout, stderr], [`${inside(place, "made dir")}\n`, ""]);
    const fish = await place.run(["--format=json", "venv", "fishy"], { env: { SHELL: "/usr/bin/fish" } });
    assert.match(fish.stdout, '"shell":"source fishy/bin/activate.fish"');
  }),
);

// env create, path, info, list, activate, remove

test(
  "a project's environment is made, named, listed, found again and removed",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT, "sub/deep/x.py": "" });
    assert.is((await place.run(["env", "create"])).exitCode, 0);
    const root = inside(place, ".pybun", "venv");
    assert.is((await place.run(["env", "path"])).stdout, `${root}\n`);
    assert.is((await place.run(["env", "path"], { cwd: inside(place, "sub", "deep") })).stdout, `${root}\n`);
    const info = (await place.run(["env", "info", "--format=json"])).json().data["env"] as Record<string, string>;
    assert.equal([info["path"], info["source"]], [root, "project"]);
    assert.is(fs.realpathSync(inside(place, ".venv", "lib")), fs.realpathSync(path.join(root, "lib")));
    assert.match((await place.run(["env", "list"])).stdout, /^\*.*\.pybun\/venv/m);
    assert.match((await place.run(["env", "activate", "--shell", "bash"])).stdout, /activate/);
    assert.is((await place.run(["env", "remove"])).exitCode, 0);
    assert.not.ok(fs.existsSync(root));
    assert.ok(place.exists("pyproject.toml"));
    assert.not.equal((await place.run(["env", "path"])).exitCode, 0);
  }),
);

test(
  "git shows nothing of a project's environment, whatever the project has it ignore",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT, ".gitignore": ".venv/\n" });
    const { git } = makeRepository(place.cwd);
    assert.is((await place.run(["env", "create"])).exitCode, 0);
    assert.is(git("status", "--short"), "?? .gitignore\n?? pyproject.toml");
    place.write({ ".gitignore": "" });
    assert.is(git("status", "--short"), "?? .gitignore\n?? pyproject.toml");
    git("clean", "-dfq", "--exclude", "*.toml");
    assert.ok(place.exists(".venv/pyvenv.cfg"));
  }),
);

test(
  "who names .venv means the environment that it shows",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    assert.is((await place.run(["env", "create"])).exitCode, 0);
    const root = inside(place, ".pybun", "venv");
    const prefix = ask(inside(place, ".venv", "bin", "python"), "import sys; print(sys.prefix)");
    assert.is(prefix, inside(place, ".venv"), "Python takes it for an environment");
    const elsewhere = inside(place, "..", "elsewhere");
    fs.mkdirSync(elsewhere);
    const env = { VIRTUAL_ENV: inside(place, ".venv") };
    assert.is((await place.run(["env", "path"], { env, cwd: elsewhere })).stdout, `${root}\n`);
    assert.match((await place.run(["venv", ".venv"])).stdout, /^Up to date: \.pybun\/venv /);
    assert.is((await place.run(["env", "list"])).stdout.split("\n").filter((line) => line.includes("venv")).length, 1);
    assert.match((await place.run(["venv", "--clear", ".venv"])).stdout, /^Rebuilt environment \.pybun\/venv /);
    assert.is(fs.readlinkSync(inside(place, ".venv", "lib")), "../.pybun/venv/lib");
    assert.is((await place.run(["env", "remove"])).exitCode, 0);
    assert.not.ok(place.exists(".venv"));
  }),
);

test(
  "a .venv of the user's own is used and never touched",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["venv", "--prompt", "own", ".venv"]);
    const before = place.read(".venv/pyvenv.cfg");
    const info = (await place.run(["env", "info", "--format=json"])).json().data["env"] as Record<string, string>;
    assert.equal([info["path"], info["source"]], [inside(place, ".venv"), "dot-venv"]);
    assert.is(place.read(".venv/pyvenv.cfg"), before);
  }),
);

test(
  "PYBUN_ENV goes before all, and one that is broken stops everything",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": PROJECT });
    await place.run(["venv", "other"]);
    const PYBUN_ENV = inside(place, "other");
    const info = (await place.run(["env", "info", "--format=json"], { env: { PYBUN_ENV } })).json().data["env"];
    assert.is((info as Record<string, string>)["source"], "PYBUN_ENV");
    const code = "import sys; print(sys.prefix)";
    assert.is((await place.run(["run", "-c", code], { env: { PYBUN_ENV } })).stdout, `${PYBUN_ENV}\n`);
    fs.rmSync(path.join(PYBUN_ENV, "bin", "python"));
    fs.symlinkSync("/nowhere/python", path.join(PYBUN_ENV, "bin", "python"));
    const broken = await place.run(["run", "-c", code], { env: { PYBUN_ENV } });
    assert.equal([broken.exitCode, broken.stdout], [3, ""]);
    assert.match(broken.stderr, "error[E_ENV_BROKEN]");
  }),
);

/** What makes an environment unusable; each is mended by the command that the message gives. */
const BREAKS: readonly [title: string, variable: string | undefined, damage: (place: Place) => void][] = [
  ["a name nothing was made for", "work", () => {}],
  ["a folder that is none", "./empty", (place) => fs.mkdirSync(inside(place, "empty"))],
  ["a folder that is not there", "./none", () => {}],
  [
    "a project's whose Python is gone",
    undefined,
    (place) => {
      const python = inside(place, ".pybun", "venv", "bin", "python");
      fs.rmSync(python);
      fs.symlinkSync("/nowhere/python", python);
    },
  ],
];

for (const [title, variable, damage] of BREAKS)
  test(
    `the hint mends what is broken: ${title}`,
    inPlace(async (place) => {
      place.write({ "pyproject.toml": PROJECT });
      await place.run(["env", "create"]);
      damage(place);
      const env = variable === undefined ? {} : { PYBUN_ENV: variable };
      const refused = await place.run(["run", "-c", "1"], { env });
      assert.is(refused.exitCode, 3);
      const [, command = ""] = /^hint: [^`]*`pybun ([^`]*)`/m.exec(refused.stderr) ?? [];
      assert.is((await place.run(command.split(" "), { env })).exitCode, 0, command);
      assert.equal((await place.run(["run", "-c", "1"], { env })).exitCode, 0, command);
    }),
  );

test(
  "a named environment is used by its name",
  inPlace(async (place) => {
    assert.is((await place.run(["env", "create", "work"])).exitCode, 0);
    const { stdout } = await place.run(["run", "-c", "import sys; print(sys.prefix)"], { env: { PYBUN_ENV: "work" } });
    assert.ok(stdout.startsWith(place.data), stdout);
    assert.match((await place.run(["env", "list"])).stdout, "work");
    assert.is((await place.run(["env", "remove", "work"])).exitCode, 0);
    assert.not.ok(fs.existsSync(stdout.trim()));
  }),
);

test(
  "a Python that is asked for outside of the project's range is used, with a warning each time",
  inPlace(async (place) => {
    place.write({ "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.99"\n' });
    const version = requirePython().version.join(".");
    const words = `warning[W_PYTHON_OUT_OF_RANGE]: Python ${version} (asked by --python) is outside \`>=3.99\`, which requires-python asks for`;
    for (const argv of [
      ["env", "create"],
      ["run", "-c", "1"],
      ["run", "-c", "1"],
    ]) {
      const { exitCode, stderr } = await place.run(["--python", version, ...argv]);
      assert.is(exitCode, 0, stderr);
      assert.is(stderr.split("W_PYTHON_OUT_OF_RANGE").length, 2, `once: ${stderr}`);
      assert.match(stderr, words);
    }
    place.write({ "pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.9"\n' });
    assert.is((await place.run(["--python", version, "run", "-c", "1"])).stderr, "");
  }),
);

test.run();
