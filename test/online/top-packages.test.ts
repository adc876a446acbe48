import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { removeTree } from "../harness/files.ts";
import { createPlace } from "../harness/project.ts";
import { findPython, requirePython } from "../harness/python.ts";

// The most downloaded distributions, by each link mode, beside an environment that pip made of the same wheels: the same
// files with the same content, the same RECORD, metadata and commands, and all that pip's imports, imports here.

interface PackageSet {
  readonly name: string;
  readonly python: string;
  readonly distributions: readonly string[];
}
interface View {
  readonly distributions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly contents: Readonly<Record<string, unknown>>;
  readonly imports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const here = import.meta.dirname;
const { set: sets } = parse(fs.readFileSync(path.join(here, "top-packages.toml"), "utf8")) as unknown as {
  set: readonly PackageSet[];
};
const MODES = ["tree", "hardlink", "clone", "copy"];
const work = fs.mkdtempSync(path.join(os.tmpdir(), "top-"));
test.after(() => removeTree(work));

function call(command: string, args: readonly string[]): string {
  const env = { ...process.env, PIP_CACHE_DIR: path.join(work, "pip"), PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: work, env, encoding: "utf8", maxBuffer: 1 << 30 });
  assert.is(status, 0, `${command} ${args.join(" ")}\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
  return stdout;
}

/** Read by the environment's own interpreter, which may not write bytecode into what is compared. */
const viewOf = (root: string): View =>
  JSON.parse(
    call(path.join(root, "bin", "python"), ["-B", path.join(here, "installed_view.py")])
      .split("\n")
      .at(-1)!,
  );

/** What differs between two objects, deeply, as `path: one | other`. */
function differences(one: unknown, other: unknown, at = ""): string[] {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return JSON.stringify(one) === JSON.stringify(other)
      ? []
      : [`${at}: ${JSON.stringify(one)} | ${JSON.stringify(other)}`];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) =>
    differences((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key], `${at}/${key}`),
  );
}

for (const { name, python: version, distributions } of sets)
  test(`${name}: ${distributions.length} distributions by ${MODES.join(", ")}, and by pip`, async () => {
    const python = (findPython(version) ?? requirePython()).path;
    const place = createPlace({ env: { PYBUN_INDEX_URL: "", PYBUN_STORE_BYTECODE: "wait" } });
    try {
      const requires = `>=${version}`;
      place.write({
        "pyproject.toml": `[project]\nname = "top"\nversion = "1"\nrequires-python = "${requires}"\ndependencies = ${JSON.stringify(distributions)}\n`,
      });
      const run = async (...words: string[]): Promise<string> => {
        const { exitCode, stdout, stderr } = await place.run(words, { timeoutMs: 900_000 });
        assert.is(exitCode, 0, `${words.join(" ")}\n${stdout}\n${stderr}`);
        return stdout;
      };
      await run("lock", "--python", python);
      await run("export", "--format", "requirements", "-o", "requirements.txt");
      const expected = path.join(work, name.replaceAll(" ", "-"));
      call(python, ["-m", "venv", "--without-pip", expected]);
      const pip = ["-m", "pip", "--python", path.join(expected, "bin", "python")];
      const requirements = path.join(place.cwd, "requirements.txt");
      call(python, [...pip, "install", "--quiet", "--no-deps", "--no-compile", "-r", requirements]);
      const theirs = viewOf(expected);
      for (const name of distributions) assert.ok(theirs.distributions[name], `pip installed no ${name}`);
      for (const mode of MODES) {
        for (const folder of [".pybun", ".venv"])
          fs.rmSync(path.join(place.cwd, folder), { recursive: true, force: true });
        await run("sync", "--python", python, "--link-mode", mode);
        const ours = viewOf(path.join(place.cwd, ".venv"));
        assert.equal(differences(ours.distributions, theirs.distributions), [], mode);
        assert.equal(
          differences(ours.contents, theirs.contents).filter((line) => !IS_OWN.test(line)),
          [],
          mode,
        );
        assert.equal(differences(ours.imports, theirs.imports), [], mode);
        await run("verify", "--env");
      }
    } finally {
      place.remove();
    }
  });

/** What venvs of different makers have beside packages. */
const IS_OWN = /^\/bin\/(?:[Aa]ctivate[\w.]*|python[\d.]*)[/:]/;

test.run();
