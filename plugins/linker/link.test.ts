import { spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Environment, LinkMode } from "../../plugin-api/model/environment.ts";
import { parseRecord } from "../../plugin-api/python/record.ts";
import { readEnvironmentStamp } from "../../plugin-api/system/environment-stamp.ts";
import { edge, type LinkBench, openLinkBench } from "../../test/harness/link-bench.ts";
import type { Release } from "../../test/harness/release.ts";

let bench: LinkBench;
let root = "";
test.before.each(async () => {
  bench = await openLinkBench();
  root = path.join(bench.dir, "env");
});
test.after.each(() => bench.remove());

const run = (environment: Environment, ...args: readonly string[]): string => {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
  const { stdout, stderr, status } = spawnSync(environment.python, args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
};
const site = (environment: Environment, file = ""): string => path.join(environment.sitePackages, file);
const kindOf = (file: string): string => {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat) return "nothing";
  return stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "folder" : "file";
};

/** Every file of an installed distribution is recorded with its right hash and size, and every record is there. */
function checkRecord(environment: Environment, name: string): void {
  const installed = environment.installed.find((each) => each.name === name);
  assert.ok(installed, `${name} is installed`);
  const record = path.join(installed?.infoPath ?? "", "RECORD");
  const rows = parseRecord(fs.readFileSync(record, "utf8"));
  for (const row of rows) {
    const file = path.resolve(environment.sitePackages, row.path);
    assert.ok(fs.existsSync(file), `${row.path} of ${name} exists`);
    if (row.sha256 === undefined) continue;
    const content = fs.readFileSync(file);
    assert.is(crypto.createHash("sha256").update(content).digest("hex"), row.sha256, row.path);
    assert.is(content.length, row.size, row.path);
  }
  const infoRows = rows
    .map((row) => row.path)
    .filter((file) => file.startsWith(path.basename(installed?.infoPath ?? "")));
  const info = filesBelow(installed?.infoPath ?? "").map((file) =>
    path.posix.join(path.basename(installed?.infoPath ?? ""), file),
  );
  assert.equal(infoRows.sort(), info.sort(), "all metadata is recorded");
}

function filesBelow(folder: string, below = ""): string[] {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(below, entry.name);
    return entry.isDirectory() ? filesBelow(folder, name) : [name];
  });
}

const SHOP: Release = {
  name: "Shop.App",
  version: "1.0",
  files: {
    "shop/__init__.py": "from shop.cart import total\ndef main():\n    print('shop', total())\n",
    "shop/cart.py": "def total(): return 42\n",
    "shop/data/prices.json": "{}",
    "shop_single.py": "value = 1\n",
  },
  data: {
    "scripts/shop-admin": "#!python\nimport shop\nprint('admin', shop.total())\n",
    "scripts/shop-shell": "#!/bin/sh\necho shell\n",
    "data/share/shop/notes.txt": "notes\n",
    "headers/shop.h": "int shop;\n",
  },
  "console-scripts": { shop: "shop:main" },
};

for (const mode of ["auto", "tree", "clone", "hardlink", "copy"] satisfies readonly LinkMode[])
  test(`mode ${mode}: modules, commands, data and headers are there, recorded and usable`, async () => {
    const environment = await bench.link({ root, install: [await bench.add(SHOP)], mode });
    const isTree = mode === "auto" || mode === "tree";
    assert.is(kindOf(site(environment, "shop")), isTree ? "link" : "folder");
    assert.is(kindOf(site(environment, "shop_single.py")), "file");
    assert.is(
      run(environment, "-c", "import shop, shop_single; print(shop.total(), shop_single.value, shop.__file__)"),
      `42 1 ${site(environment, "shop/__init__.py")}`,
    );
    const bin = path.dirname(environment.python);
    const output = (name: string) => spawnSync(path.join(bin, name), { encoding: "utf8" }).stdout.trim();
    assert.equal(["shop", "shop-admin", "shop-shell"].map(output), ["shop 42", "admin 42", "shell"]);
    assert.is(fs.readFileSync(path.join(root, "share/shop/notes.txt"), "utf8"), "notes\n");
    assert.ok(fs.existsSync(path.join(root, bench.interpreter.scheme.headers, "shop-app", "shop.h")));
    checkRecord(environment, "shop-app");
    assert.is(fs.readFileSync(site(environment, "shop_app-1.0.dist-info/INSTALLER"), "utf8"), "pybun\n");
    assert.equal(
      environment.installed.map(({ name, version }) => `${name} ${version}`),
      ["shop-app 1.0"],
    );
  });

test("copies belong to the environment: writing to them leaves the store alone", async () => {
  const artifact = await bench.add(SHOP);
  const environment = await bench.link({ root, install: [artifact], mode: "copy" });
  fs.appendFileSync(site(environment, "shop/cart.py"), "# changed\n");
  assert.not.match(fs.readFileSync(path.join(artifact.entry.path, "tree/shop/cart.py"), "utf8"), "changed");
});

test("a package of `link.copy` gets copies, also where others are linked", async () => {
  bench.remove();
  bench = await openLinkBench({ settings: { linkCopy: ["shop*"] } });
  root = path.join(bench.dir, "env");
  const other = await bench.add({ name: "other", version: "1" });
  const environment = await bench.link({ root, install: [await bench.add(SHOP), other] });
  assert.is(kindOf(site(environment, "shop")), "folder");
  assert.is(kindOf(site(environment, "other")), "link");
  assert.is(fs.statSync(site(environment, "shop/cart.py")).nlink, 1);
});

test("with coverage in the environment nothing is linked as a folder, also not what was", async () => {
  const shop = await bench.add(SHOP);
  let environment = await bench.link({ root, install: [shop] });
  assert.is(kindOf(site(environment, "shop")), "link");
  environment = await bench.link({ root, install: [await bench.add({ name: "coverage", version: "7.0" })] });
  assert.equal([kindOf(site(environment, "shop")), kindOf(site(environment, "coverage"))], ["folder", "folder"]);
  checkRecord(environment, "shop-app");
  assert.is(environment.installed.find(({ name }) => name === "shop-app")?.wheelSha256, shop.entry.wheelSha256);
});

test("requested distributions and those from elsewhere say so", async () => {
  const asked = await bench.add({ name: "asked", version: "1" }, { pin: { isDirect: true } });
  const url = { kind: "url", url: "https://user:secret@example.com/linked-1-py3-none-any.whl" } as const;
  const linked = await bench.add({ name: "linked", version: "1" }, { pin: { source: url } });
  const folder = { kind: "path", path: bench.dir, isEditable: true } as const;
  const local = await bench.add({ name: "local", version: "1" }, { pin: { source: folder } });
  const environment = await bench.link({ root, install: [asked, linked, local] });
  const exists = (file: string) => fs.existsSync(site(environment, file));
  assert.equal([exists("asked-1.dist-info/REQUESTED"), exists("linked-1.dist-info/REQUESTED")], [true, false]);
  const read = (name: string) =>
    JSON.parse(fs.readFileSync(site(environment, `${name}-1.dist-info/direct_url.json`), "utf8")) as unknown;
  assert.equal(read("linked"), {
    url: "https://example.com/linked-1-py3-none-any.whl",
    archive_info: { hashes: { sha256: linked.entry.wheelSha256 } },
  });
  assert.equal(read("local"), { url: `file://${bench.dir}`, dir_info: { editable: true } });
  for (const { name } of environment.installed) checkRecord(environment, name);
});

test("namespace packages of several wheels share a real folder, each part linked by itself", async () => {
  const part = (name: string) => ({
    name: `ns-${name}`,
    version: "1",
    files: { [`ns/${name}/__init__.py`]: `name = "${name}"\n`, [`ns/${name}/deep/__init__.py`]: "" },
  });
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => bench.add(part(name))));
  assert.ok(a && b && c);
  let environment = await bench.link({ root, install: [a, b] });
  assert.equal([kindOf(site(environment, "ns")), kindOf(site(environment, "ns/a"))], ["folder", "link"]);
  environment = await bench.link({ root, install: [c] });
  assert.is(run(environment, "-c", "import ns.a, ns.b, ns.c.deep; print(ns.a.name + ns.b.name + ns.c.name)"), "abc");
  environment = await bench.link({ root, remove: ["ns-a", "ns-b"] });
  assert.equal(fs.readdirSync(site(environment, "ns")).sort(), [".pybun", "c"]);
  environment = await bench.link({ root, remove: ["ns-c"] });
  assert.is(kindOf(site(environment, "ns")), "nothing");
});

test("a package that another wheel adds to becomes a real folder, and its RECORD says so", async () => {
  const core = await bench.add({
    name: "core",
    version: "1",
    files: {
      "core/__init__.py": "",
      "core/own/__init__.py": "",
      "core/plugins/__init__.py": "",
      "core/plugins/one.py": "x = 1",
    },
  });
  const extra = await bench.add({ name: "core-extra", version: "1", files: { "core/plugins/two.py": "x = 2" } });
  const together = await bench.link({ root: path.join(bench.dir, "both"), install: [core, extra] });
  let environment = await bench.link({ root, install: [core] });
  assert.is(kindOf(site(environment, "core")), "link");
  environment = await bench.link({ root, install: [extra] });
  for (const each of [together, environment]) {
    assert.equal(
      ["core", "core/own", "core/plugins", "core/plugins/one.py"].map((file) => kindOf(site(each, file))),
      ["folder", "link", "folder", "file"],
    );
    assert.is(run(each, "-c", "from core.plugins import one, two; print(one.x + two.x)"), "3");
    checkRecord(each, "core");
    checkRecord(each, "core-extra");
  }
  const read = (each: Environment) => fs.readFileSync(site(each, "core-1.dist-info/RECORD"), "utf8").split("\n").sort();
  assert.equal(read(environment), read(together), "adding later gives what adding at once gives");
});

test("wheels with shared libraries that meet in a folder are files there, so that relative paths hold", async () => {
  const tags = "cp39-abi3-linux_x86_64";
  const gui = await bench.add(
    { name: "gui", version: "1", files: { "gui/__init__.py": "", "gui/lib/a.so": "a" } },
    { tags },
  );
  const more = await bench.add({ name: "gui-more", version: "1", files: { "gui/more/b.so": "b" } }, { tags });
  const environment = await bench.link({ root, install: [gui, more] });
  assert.equal(
    ["gui/lib", "gui/more"].map((file) => kindOf(site(environment, file))),
    ["folder", "folder"],
  );
});

test("an upgrade replaces, a removal leaves nothing, and foreign files stay", async () => {
  const one = await bench.add({
    name: "tool",
    version: "1",
    files: { "tool/__init__.py": "v = 1", "old_tool.py": "" },
    "console-scripts": { "old-tool": "tool:v" },
  });
  const two = await bench.add({
    name: "tool",
    version: "2",
    files: { "tool/__init__.py": "v = 2" },
    "console-scripts": { tool: "tool:v" },
  });
  for (const mode of ["tree", "hardlink"] as const) {
    const place = path.join(bench.dir, mode);
    let environment = await bench.link({ root: place, install: [one], mode });
    fs.writeFileSync(site(environment, "mine.py"), "");
    environment = await bench.link({ root: place, install: [two], mode });
    assert.is(run(environment, "-c", "import tool; print(tool.v)"), "2");
    assert.equal(
      environment.installed.map(({ version }) => version),
      ["2"],
    );
    assert.equal(fs.readdirSync(site(environment)).sort(), ["mine.py", "tool", "tool-2.dist-info"]);
    const bin = fs.readdirSync(path.dirname(environment.python));
    assert.equal([bin.includes("tool"), bin.includes("old-tool")], [true, false]);
    environment = await bench.link({ root: place, remove: ["tool"], mode });
    assert.equal(fs.readdirSync(site(environment)), ["mine.py"]);
    assert.not.ok(fs.readdirSync(path.dirname(environment.python)).includes("tool"));
  }
});

test("byte-code goes with its modules; that of others stays", async () => {
  const release = { name: "tool", version: "1", files: { "tool/__init__.py": "", "tool_single.py": "" } };
  let environment = await bench.link({ root, install: [await bench.add(release)], mode: "hardlink" });
  spawnSync(environment.python, ["-c", "import tool, tool_single"], { env: { PATH: process.env["PATH"] ?? "" } });
  assert.ok(fs.existsSync(site(environment, "tool/__pycache__")));
  fs.writeFileSync(site(environment, "__pycache__/other.cpython-312.pyc"), "");
  environment = await bench.link({ root, remove: ["tool"] });
  assert.equal(fs.readdirSync(site(environment)), ["__pycache__"]);
  assert.equal(fs.readdirSync(site(environment, "__pycache__")), ["other.cpython-312.pyc"]);
});

test("a command two packages have belongs to the one that needs the other", async () => {
  const main = {
    name: "web",
    version: "1",
    files: { "web.py": "def main(): print('web')" },
    "console-scripts": { web: "web:main" },
  };
  const cli = {
    name: "web-cli",
    version: "1",
    files: { "web_cli.py": "def main(): print('cli')" },
    "console-scripts": { web: "web_cli:main" },
  };
  const web = await bench.add({ ...main, requires: ["web-cli"] }, { pin: { dependencies: [edge("web-cli")] } });
  const webCli = await bench.add(cli);
  const orders = [[[web, webCli]], [[web], [webCli]], [[webCli], [web]]];
  for (const [index, steps] of orders.entries()) {
    const place = path.join(bench.dir, `order-${index}`);
    let environment: Environment | undefined;
    for (const install of steps) environment = await bench.link({ root: place, install });
    assert.ok(environment);
    assert.is(spawnSync(path.join(place, "bin/web"), { encoding: "utf8" }).stdout, "web\n");
    const recorded = (name: string) =>
      fs.readFileSync(site(environment, `${name}-1.dist-info/RECORD`), "utf8").includes("bin/web,");
    assert.equal([recorded("web"), recorded("web_cli")], [true, false], `order ${index}`);
  }
});

test("a difficult path is no obstacle to commands", async () => {
  const release: Release = { ...SHOP, files: { ...SHOP.files } };
  const shop = await bench.add(release);
  const long = path.join(bench.dir, "d".repeat(100), "e".repeat(60));
  for (const place of [path.join(bench.dir, 'it\'s a "path" $HOME'), long, path.join(bench.dir, "back\\slash")]) {
    await bench.link({ root: place, install: [shop] });
    const output = (name: string, ...args: string[]) => {
      const { stdout, stderr } = spawnSync(path.join(place, "bin", name), args, { encoding: "utf8" });
      return stdout + stderr;
    };
    assert.is(output("shop", "a b", "c"), "shop 42\n");
    assert.is(output("shop-admin"), "admin 42\n");
  }
});

test("an environment of another Python is replaced as a whole, one of the same is kept", async () => {
  let environment = await bench.link({ root, install: [await bench.add(SHOP)] });
  fs.writeFileSync(path.join(root, "mark"), "");
  environment = await bench.link({ root, install: [await bench.add({ name: "more", version: "1" })] });
  assert.ok(fs.existsSync(path.join(root, "mark")));
  assert.is(environment.installed.length, 2);
  await bench.session.run("link", {
    plan: {
      destination: { root, interpreter: bench.interpreter, isExact: true, isRebuilt: true },
      existing: undefined,
      install: [],
      keep: [],
      remove: [],
      digest: "",
    },
    artifacts: [],
    mode: "auto",
  });
  environment = await bench.environments.read(root);
  assert.equal([environment.installed.length, fs.existsSync(path.join(root, "mark"))], [0, false]);
});

test("a folder with something else in it is left alone", async () => {
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, "notes.txt"), "mine");
  const error = await bench.link({ root }).catch((error: { code?: string }) => error);
  assert.is((error as { code?: string }).code, "E_ENV_EXISTS");
  assert.equal(fs.readdirSync(root), ["notes.txt"]);
});

test("what another command did meanwhile is found out under the lock", async () => {
  const [a, b] = [await bench.add({ name: "a", version: "1" }), await bench.add({ name: "b", version: "1" })];
  assert.ok(a && b);
  const both = await Promise.all([bench.link({ root, install: [a, b] }), bench.link({ root, install: [a, b] })]);
  assert.equal(
    both.map(({ installed }) => installed.length),
    [2, 2],
  );
  const stamp = JSON.parse(fs.readFileSync(path.join(root, "pybun.json"), "utf8")) as { generation: number };
  assert.is(stamp.generation, 1, "the second found nothing left to do");
  const kept = await bench.environments.read(root);
  await bench.link({ root, remove: ["a"] });
  const plan = {
    destination: { root, interpreter: bench.interpreter, isExact: false },
    existing: kept,
    install: [],
    keep: kept.installed,
    remove: [],
    digest: "",
  };
  const error = await bench.session.run("link", { plan, artifacts: [], mode: "auto" }).catch((error: unknown) => error);
  assert.is((error as { code?: string }).code, "E_LINK_CHANGED");
});

test("a Python that the system keeps is left alone, unless one insists; its own library never changes", async () => {
  const prefix = path.join(bench.dir, "system");
  const { scheme } = bench.interpreter;
  const sitePackages = path.join(prefix, scheme.purelib);
  fs.mkdirSync(sitePackages, { recursive: true });
  const interpreter = { ...bench.interpreter, prefix, isVirtual: false, isExternallyManaged: true };
  const existing = { root: prefix, interpreter, python: interpreter.path, sitePackages, installed: [] };
  const install = async (insists: boolean, release: Release) => {
    const { settings } = bench.session as { settings: Record<string, unknown> };
    settings["breakSystemPackages"] = insists;
    const artifact = await bench.add(release);
    const destination = { root: prefix, interpreter, isExact: false };
    const plan = { destination, existing, install: [artifact.pin], keep: [], remove: [], digest: "" };
    return bench.session.run("link", { plan, artifacts: [artifact], mode: "auto" }).catch((error: unknown) => error);
  };
  const shop = { name: "shop", version: "1" };
  assert.is(((await install(false, shop)) as { code?: string }).code, "E_ENV_MANAGED");
  assert.equal(fs.readdirSync(sitePackages), []);
  assert.equal(
    ((await install(true, shop)) as Environment).installed.map(({ name }) => name),
    ["shop"],
  );
  assert.not.ok(fs.existsSync(path.join(prefix, "pybun.json")), "it is no environment of ours");
  const library = path.posix.dirname(scheme.purelib);
  const evil = { name: "evil", version: "1", data: { [`data/${library}/os.py`]: "" } };
  assert.is(((await install(true, evil)) as { code?: string }).code, "E_LINK_CONFLICT");
});

test("the stamp says what is there, and a project gets its .venv and ignore file", async () => {
  const project = path.join(bench.dir, "project");
  const place = path.join(project, ".pybun", "venv");
  const shop = await bench.add(SHOP);
  await bench.link({ root: place, install: [shop] });
  const stamp = readEnvironmentStamp(place);
  assert.equal(
    [stamp?.linkMode, stamp?.generation, stamp?.wheels],
    ["tree", 1, { "shop_app-1.0.dist-info": shop.entry.wheelSha256 }],
  );
  assert.is(
    stamp?.siteMtimeMs,
    fs.statSync(path.join(place, "lib", fs.readdirSync(path.join(place, "lib"))[0] ?? "", "site-packages")).mtimeMs,
  );
  assert.is(fs.realpathSync(path.join(project, ".venv", "lib")), fs.realpathSync(path.join(place, "lib")));
  assert.is(fs.readFileSync(path.join(project, ".pybun/.gitignore"), "utf8"), "*\n!config.toml\n");
  assert.equal(fs.readdirSync(path.join(project, ".pybun")).sort(), [".gitignore", "venv"]);
});

test.run();
