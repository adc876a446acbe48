import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { PybunError } from "../../plugin-api/error.ts";
import type { Interpreters, PythonRequest } from "../../plugin-api/services.ts";
import { createMachine, type FakeMachine, type SessionChoice } from "../../test/harness/fake-machine.ts";
import { startsOf, writeFakePython } from "../../test/harness/fake-python.ts";
import interpretersOf from "./interpreters.ts";

interface Context extends FakeMachine {
  open(choice?: SessionChoice): Promise<Interpreters>;
}
const test = suite<{ machine: Context }>("interpreters");

test.before.each((context) => {
  const machine = createMachine();
  context.machine = { ...machine, open: (choice) => interpretersOf(machine.session(choice)) };
});
test.after.each(({ machine }) => machine.remove());

const found = async (service: Interpreters, request: PythonRequest): Promise<string> =>
  (await service.find(request)).version;

async function failure(promise: Promise<unknown>): Promise<PybunError> {
  try {
    await promise;
  } catch (error) {
    return error as PybunError;
  }
  throw new Error("nothing was refused");
}

test("every Python is listed once, managed ones first, then the newest; aliases are folded", async ({
  machine: { at, open },
}) => {
  writeFakePython(at("path/python3.10"), { version: "3.10.1" });
  fs.symlinkSync("python3.10", at("path/python3"));
  fs.symlinkSync("python3", at("path/python"));
  writeFakePython(at("home/.pyenv/versions/3.13.1/bin/python3.13"), { version: "3.13.1" });
  fs.symlinkSync("python3.13", at("home/.pyenv/versions/3.13.1/bin/python"));
  writeFakePython(at("data/pythons/cpython-3.11.2-x86_64-linux-gnu/bin/python3.11"), { version: "3.11.2" });
  writeFakePython(at("home/.pyenv/versions/pypy3.10-7.3.17/bin/pypy3.10"), {
    version: "3.10.14",
    implementation: "pypy",
  });
  writeFakePython(at("home/.pyenv/versions/3.14.0rc1/bin/python3.14"), { version: "3.14.0rc1" });
  const service = await open();
  const list = (await service.list()).map(
    ({ version, source, implementation }) => `${implementation} ${version} ${source}`,
  );
  assert.equal(list, [
    "cpython 3.11.2 managed",
    "cpython 3.13.1 pyenv",
    "cpython 3.10.1 path",
    "cpython 3.14.0rc1 pyenv",
    "pypy 3.10.14 pyenv",
  ]);
});

test("managed before all others, then the newest; prereleases and others only by name", async ({
  machine: { at, open },
}) => {
  writeFakePython(at("path/python3.12"), { version: "3.12.9" });
  writeFakePython(at("home/.pyenv/versions/3.12.1/bin/python3.12"), { version: "3.12.1" });
  writeFakePython(at("home/.pyenv/versions/3.14.0rc1/bin/python3.14"), { version: "3.14.0rc1" });
  writeFakePython(at("home/.pyenv/versions/3.13.1t/bin/python3.13t"), { version: "3.13.1", isFreeThreaded: true });
  const service = await open();
  assert.is(await found(service, {}), "3.12.9");
  assert.is(await found(service, { request: "3.12" }), "3.12.9");
  assert.is(await found(service, { request: "3.12.1" }), "3.12.1");
  assert.is(await found(service, { request: "3.14.0rc1" }), "3.14.0rc1");
  assert.ok((await service.find({ request: "3.13t" })).tags.isFreeThreaded);
  writeFakePython(at("data/pythons/cpython-3.11.2-x86_64-linux-gnu/bin/python3.11"), { version: "3.11.2" });
  assert.is(await found(service, {}), "3.11.2");
  assert.is(await found(service, { request: ">=3.12" }), "3.12.9");
});

test("one minor version is asked for: nothing else is started, and nothing at all the second time", async ({
  machine: { at, open },
}) => {
  const files = [9, 10, 11, 12].map((minor) => at(`path/python3.${minor}`));
  files.forEach((file, index) => writeFakePython(file, { version: `3.${9 + index}.5` }));
  await (await open()).find({ request: "3.11" });
  assert.equal(files.map(startsOf), [0, 0, 1, 0]);
  await (await open()).find({ request: "3.11" });
  await (await open()).find({ request: "==3.11.5" });
  assert.equal(files.map(startsOf), [0, 0, 1, 0]);
  await (await open()).find({});
  assert.equal(files.map(startsOf), [0, 0, 1, 1]);
  await (await open()).list();
  await (await open()).list();
  assert.equal(files.map(startsOf), [1, 1, 1, 1]);
});

test("an answer is kept until something changes where was looked", async ({ machine: { at, open } }) => {
  for (const minor of [11, 12]) writeFakePython(at(`path/python3.${minor}`), { version: `3.${minor}.5` });
  fs.utimesSync(at("path"), 1, 1);
  await (await open()).list();
  fs.utimesSync(at("path"), 1, 1);
  assert.is(await found(await open(), { request: "3.11" }), "3.11.5");
  const kept = at("data/interpreters/recent.json");
  fs.writeFileSync(kept, fs.readFileSync(kept, "utf8").replace("/python3.11", "/python3.12"));
  assert.is(await found(await open(), { request: "3.11" }), "3.12.5", "it was looked for anew");
  assert.is(await found(await open({ env: { PATH: `${at("path")}:/nowhere` } }), { request: "3.11" }), "3.11.5");
  assert.is(await found(await open(), { request: "3.11" }), "3.11.5");
  fs.writeFileSync(kept, fs.readFileSync(kept, "utf8").replace("/python3.11", "/python3.12"));
  fs.utimesSync(at("path"), 2, 2);
  assert.is(await found(await open(), { request: "3.11" }), "3.11.5");
});

test("an answer is not kept while a folder is still changing, or while something does not run", async ({
  machine: { at, open },
}) => {
  writeFakePython(at("path/python3.11"), { version: "3.11.5" });
  writeFakePython(at("path/python3.12"), { version: "3.12.5", instead: "exit 1" });
  fs.utimesSync(at("path"), 1, 1);
  assert.is(await found(await open(), {}), "3.11.5");
  fs.utimesSync(at("path"), 1, 1);
  assert.is(await found(await open(), {}), "3.11.5");
  assert.not.ok(fs.existsSync(at("data/interpreters/recent.json")));
  fs.utimesSync(at("path"), Date.now() / 1000, Date.now() / 1000);
  assert.is(await found(await open(), { request: "3.11" }), "3.11.5");
  assert.not.ok(fs.existsSync(at("data/interpreters/recent.json")));
});

test("what was learnt on another system, or by another PyBun, is not believed", async ({ machine: { at, open } }) => {
  const file = at("path/python3.11");
  writeFakePython(file, { version: "3.11.5" });
  await (await open()).list();
  const [name = ""] = fs.readdirSync(at("data/interpreters"));
  const record = JSON.parse(fs.readFileSync(at(`data/interpreters/${name}`), "utf8")) as Record<string, unknown>;
  for (const changed of [{ machine: "x64 1.0 #1" }, { format: 0 }, { finding: undefined }]) {
    fs.writeFileSync(at(`data/interpreters/${name}`), JSON.stringify({ ...record, ...changed }));
    const before = startsOf(file);
    assert.equal((await (await open()).list()).length, 1);
    assert.is(startsOf(file), before + 1, JSON.stringify(changed));
  }
});

test("a replaced executable is asked again, and a new one is seen", async ({ machine: { at, open } }) => {
  const file = at("path/python3");
  writeFakePython(file, { version: "3.12.1" });
  assert.is(await found(await open(), { request: "3.12" }), "3.12.1");
  writeFakePython(`${file}.new`, { version: "3.12.10" });
  fs.renameSync(`${file}.new`, file);
  assert.is((await failure(found(await open(), { request: "3.12.1" }))).code, "E_PYTHON_NOT_FOUND");
  writeFakePython(at("path/python3.12"), { version: "3.12.11" });
  assert.is(await found(await open(), { request: "3.12" }), "3.12.11");
  fs.rmSync(at("path/python3.12"));
  assert.is((await failure(found(await open(), { request: "3.12.11" }))).code, "E_PYTHON_NOT_FOUND");
});

test("shims are never started; the versions behind them are found", async ({ machine: { at, open } }) => {
  const shims = ["home/.pyenv/shims/python3", "home/.asdf/shims/python3.12", "elsewhere/python3"];
  writeFakePython(at(shims[0] as string), {
    version: "3.9.1",
    instead: 'exec "$PYENV_ROOT/libexec/pyenv" exec "python3" "$@"',
  });
  writeFakePython(at(shims[1] as string), { version: "3.9.1", instead: 'exec asdf exec "python" "$@"' });
  writeFakePython(at(shims[2] as string), {
    version: "3.9.1",
    instead: 'exec "$HOME/.pyenv/libexec/pyenv" exec "$program" "$@"',
  });
  writeFakePython(at("mise/bin/mise"), { version: "3.9.1" });
  fs.symlinkSync(at("mise/bin/mise"), at("elsewhere/python3.11"));
  writeFakePython(at("home/.asdf/installs/python/3.12.4/bin/python3.12"), { version: "3.12.4" });
  const folders = ["home/.pyenv/shims", "home/.asdf/shims", "elsewhere"].map(at);
  const service = await open({ env: { PATH: folders.join(path.delimiter) } });
  assert.equal(
    (await service.list()).map(({ version }) => version),
    ["3.12.4"],
  );
  for (const shim of [...shims, "mise/bin/mise"]) assert.is(startsOf(at(shim)), 0, shim);
  assert.match((await failure(service.probe(at("elsewhere/python3"), "explicit"))).message, "a program that picks one");
});

test("a file that can't be run is said to be no program", async ({ machine }) => {
  machine.write({ "notes/python.txt": "" });
  const { probe } = await machine.open();
  const error = await failure(probe(machine.at("notes/python.txt"), "explicit"));
  assert.match(error.message, /notes\/python\.txt` is not executable$/);
});

test("one that does not run is passed over, and named when it was asked for", async ({ machine: { at, open } }) => {
  writeFakePython(at("path/python3.12"), {
    version: "3.12.1",
    instead: "echo 'libpython3.12.so.1.0: cannot open' >&2; exit 127",
  });
  writeFakePython(at("path/python3.11"), { version: "3.11.1", instead: "echo hello" });
  writeFakePython(at("path/python3.10"), { version: "3.10.1" });
  const service = await open();
  assert.is(await found(service, {}), "3.10.1");
  assert.equal(
    (await service.list()).map(({ version }) => version),
    ["3.10.1"],
  );
  const named = await failure(service.find({ request: at("path/python3.12"), origin: "--python" }));
  assert.match(named.message, /asked by --python, ended with status 127: libpython3\.12\.so\.1\.0: cannot open/);
  const wanted = await failure(service.find({ request: "3.11", origin: "--python" }));
  assert.is(wanted.message, "no Python matches `3.11`, asked by --python");
  assert.equal(wanted.detail.evidence, [
    "installed   3.10.1 (path)",
    `unusable    ${at("path/python3.11")} is not a Python`,
  ]);
  writeFakePython(at("path/python3.12"), { version: "3.12.1" });
  assert.is(await found(await open(), {}), "3.12.1");
});

test("versions before 3.9 are refused by name and never listed", async ({ machine: { at, open } }) => {
  writeFakePython(at("path/python2.7"), { version: "2.7.18" });
  writeFakePython(at("path/python"), {
    version: "3.8.1",
    instead: 'echo \'{"version": "3.8.1", "implementation": "cpython"}\'',
  });
  const service = await open();
  assert.equal(await service.list(), []);
  assert.match(
    (await failure(service.find({ request: "3.8" }))).message,
    "too old: PyBun works with Python 3.9 and newer",
  );
  assert.match((await failure(service.find({ request: "2.7" }))).message, "too old");
  assert.match(
    (await failure(service.find({ request: at("path/python") }))).message,
    "is Python 3.8.1; PyBun works with 3.9 and newer",
  );
  assert.is((await failure(service.find({}))).message, "no Python was found on this machine");
  assert.is(startsOf(at("path/python")), 1);
});

test("who asks is taken in order, and named when nothing fits", async ({ machine: { at, open, write, events } }) => {
  for (const minor of [9, 10, 11, 12, 13]) writeFakePython(at(`path/python3.${minor}`), { version: `3.${minor}.5` });
  write({
    "work/.python-version": "# ours\n3.99\n3.11  # the one that works\n",
    "work/pyproject.toml": '[project]\nrequires-python = "<3.11"\n',
    "work/.venv/pyvenv.cfg": `home = ${at("path")}\nversion = 3.10.5\n`,
  });
  fs.mkdirSync(at("work/.venv/bin"));
  fs.symlinkSync(at("path/python3.10"), at("work/.venv/bin/python"));
  const inProject = { project: "work" };
  assert.is(await found(await open({ ...inProject, settings: { python: "3.9" } }), { request: "3.13" }), "3.13.5");
  assert.is(await found(await open({ ...inProject, settings: { python: "3.9" } }), {}), "3.9.5");
  const service = await open(inProject);
  assert.is(await found(service, {}), "3.11.5");
  assert.is(await found(service, { requiresPython: "<3.10", isScript: true }), "3.9.5");
  assert.is(await found(service, { requiresPython: ">=3.10", isScript: true }), "3.11.5");
  write({ "work/.python-version": "# nothing\n" });
  assert.is(await found(service, {}), "3.10.5");
  assert.is(await found(service, { requiresPython: ">=3.12" }), "3.13.5");
  fs.rmSync(at("work/.venv"), { recursive: true });
  assert.is(await found(service, {}), "3.10.5");
  fs.rmSync(at("work/pyproject.toml"));
  assert.is(await found(service, {}), "3.13.5");
  write({ "work/.python-version": "3.99\n" });
  assert.is((await failure(service.find({}))).message, "no Python matches `3.99`, asked by .python-version:1");
  const last = events.at(-1);
  assert.ok(last?.type === "PythonSelected" && last.version === "3.13.5");
});

test("a Python outside of the declared range is used when it was asked for, with a warning", async ({
  machine: { at, open, write, events },
}) => {
  for (const minor of [9, 12]) writeFakePython(at(`path/python3.${minor}`), { version: `3.${minor}.5` });
  const warnings = () => events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.message] : []));
  const range = { requiresPython: ">=3.12", requiresPythonOrigin: "s.py:1", isScript: true };
  assert.is(await found(await open({ settings: { python: "3.9" } }), range), "3.9.5");
  assert.equal(warnings(), ["Python 3.9.5 (asked by --python) is outside `>=3.12`, which s.py:1 asks for"]);
  write({ "work/.python-version": "3.9" });
  assert.is(await found(await open(), range), "3.12.5");
  assert.is(warnings().length, 1);
});

test(".python-version is looked for up to the project's root and no further", async ({
  machine: { at, open, write },
}) => {
  for (const minor of [9, 12]) writeFakePython(at(`path/python3.${minor}`), { version: `3.${minor}.5` });
  write({ ".python-version": "3.9\n", "work/pyproject.toml": "", "work/src/deep/x.py": "" });
  assert.is(await found(await open({ cwd: "work/src/deep", project: "work" }), {}), "3.12.5");
  write({ "work/.python-version": "3.9\n" });
  assert.is(await found(await open({ cwd: "work/src/deep", project: "work" }), {}), "3.9.5");
});

test(".python-version may hold names of pyenv", async ({ machine: { at, open, write } }) => {
  writeFakePython(at("home/.pyenv/versions/3.12.1/bin/python3.12"), { version: "3.12.1" });
  writeFakePython(at("home/.pyenv/versions/3.13.0/bin/python3.13"), { version: "3.13.0" });
  writeFakePython(at("home/.pyenv/versions/miniconda3-24.1/bin/python3.11"), { version: "3.11.9" });
  fs.symlinkSync("python3.11", at("home/.pyenv/versions/miniconda3-24.1/bin/python3"));
  writeFakePython(at("path/python3.10"), { version: "3.10.2" });
  const venv = "home/.pyenv/versions/mine";
  write({ [`${venv}/pyvenv.cfg`]: `home = ${at("home/.pyenv/versions/3.12.1/bin")}\nversion = 3.12.1\n` });
  writeFakePython(at(`${venv}/bin/python`), { version: "3.12.1" });
  const service = await open();
  for (const [name, version] of Object.entries({
    mine: "3.12.1",
    "\uFEFF3.13.0 3.12.1": "3.13.0",
    "miniconda3-24.1": "3.11.9",
    system: "3.10.2",
    "3.13": "3.13.0",
  })) {
    write({ "work/.python-version": `${name}\n` });
    assert.is(await found(service, {}), version, name);
  }
  const chosen = (await service.list()).map(({ path }) => path);
  assert.not.ok(chosen.some((file) => file.includes("mine")));
});

test("a named environment is described from its base and not started", async ({ machine: { at, open, write } }) => {
  const base = at("path/python3.12");
  writeFakePython(base, { version: "3.12.1" });
  write({ "work/env/pyvenv.cfg": `home = ${at("path")}\nversion = 3.12.1\n` });
  writeFakePython(at("work/env/bin/python"), { version: "9.9.9" });
  const service = await open();
  const interpreter = await service.find({ request: "./env" });
  assert.equal(
    {
      path: interpreter.path,
      base: interpreter.basePath,
      prefix: interpreter.prefix,
      isVirtual: interpreter.isVirtual,
    },
    { path: at("work/env/bin/python"), base, prefix: at("work/env"), isVirtual: true },
  );
  assert.is(startsOf(at("work/env/bin/python")), 0);
  fs.rmSync(base);
  assert.match(
    (await failure(service.find({ request: "./env" }))).message,
    "belongs to an environment whose Python is gone",
  );
});

test("a wrapper stands for the Python it starts", async ({ machine: { at, open } }) => {
  const real = at("real/python3.12");
  writeFakePython(real, { version: "3.12.1" });
  writeFakePython(at("path/python3"), { version: "3.12.1", instead: `exec ${real} "$@"` });
  const service = await open();
  assert.is((await service.find({ request: "3.12" })).path, real);
  assert.equal(
    (await service.list()).map(({ path }) => path),
    [real],
  );
});

test("a request that is none is refused in words", async ({ machine: { open, write } }) => {
  const error = await failure((await open()).find({ request: ">=3.10,<", origin: "PYBUN_PYTHON" }));
  assert.is(error.code, "E_PYTHON_NOT_FOUND");
  assert.is(error.message, "`>=3.10,<`, asked by PYBUN_PYTHON, is not a version, specifier or path");
  write({ "work/pyproject.toml": '[project]\nrequires-python = "3.12"\n' });
  const project = await failure((await open({ project: "work" })).find({}));
  assert.is(project.message, "`3.12`, asked by requires-python, is not a version specifier");
});

test.run();
