import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inPlace, type Place } from "../harness/project.ts";
import { makeWheel } from "../harness/wheel.ts";

const WHEEL = "demo-1.0-py3-none-any.whl";
const DPP = "demo-1.0-py3-none-any.dpp";

/** A wheel with a script in the working directory; gives its bytes. */
function putWheel(place: Place, requires: readonly string[] = ["b>=1"]): Buffer {
  const { filename, bytes } = makeWheel({
    name: "demo",
    version: "1.0",
    requires,
    "requires-python": ">=3.9",
    data: { "scripts/hi": "#!python\nprint()\n" },
  });
  assert.is(filename, WHEEL);
  fs.writeFileSync(path.join(place.cwd, filename), bytes);
  return bytes;
}

test(
  "convert and to-wheel lead there and back, and say when there is nothing to do",
  inPlace(async (place) => {
    putWheel(place);
    const made = await place.run(["dpp", "convert", WHEEL]);
    assert.equal([made.exitCode, made.stderr], [0, ""]);
    assert.match(
      made.stdout,
      /^Converted demo-1\.0-py3-none-any\.whl -> demo-1\.0-py3-none-any\.dpp \(\S+ to \S+\)\n$/,
    );
    assert.is((await place.run(["dpp", "convert", WHEEL])).stdout, `Up to date: ${DPP}\n`);
    const back = await place.run(["--format=json", "dpp", "to-wheel", DPP, "-o", `out/${WHEEL}`]);
    assert.equal([back.exitCode, back.json().diagnostics[0]?.code], [3, "E_DPP_PLACE"]);
    fs.mkdirSync(path.join(place.cwd, "out"));
    const { data } = (await place.run(["--format=json", "dpp", "to-wheel", DPP, "-o", `out/${WHEEL}`])).json();
    assert.equal([data["output"], data["up_to_date"]], [`out/${WHEEL}`, false]);
    const again = (await place.run(["--format=json", "dpp", "convert", `out/${WHEEL}`, "-o", "again.dpp"])).json();
    assert.is(again.data["files"], data["files"]);
  }),
);

test(
  "the wheel that comes back is installed and runs, and extract unpacks it",
  inPlace(async (place) => {
    putWheel(place, []);
    await place.run(["dpp", "convert", WHEEL]);
    fs.rmSync(path.join(place.cwd, WHEEL));
    assert.match((await place.run(["dpp", "to-wheel", DPP])).stdout, `-> ${WHEEL}`);
    const program = "import importlib.metadata as m; print(m.version('demo'))";
    const ran = await place.run(["run", "--with", `./${WHEEL}`, "-c", program]);
    assert.is(ran.stdout, "1.0\n", ran.stderr);
    assert.match((await place.run(["dpp", "extract", DPP, "unpacked"])).stdout, /^Extracted \d+ files to unpacked/);
    assert.is(place.read("unpacked/demo-1.0.data/scripts/hi"), "#!python\nprint()\n");
    assert.is(fs.statSync(path.join(place.cwd, "unpacked/demo-1.0.data/scripts/hi")).mode & 0o111, 0o111);
  }),
);

test(
  "inspect shows metadata and every file, as text and as JSON",
  inPlace(async (place) => {
    putWheel(place);
    await place.run(["dpp", "convert", WHEEL]);
    const { stdout } = await place.run(["dpp", "inspect", DPP]);
    assert.match(
      stdout,
      /^demo 1\.0\nFormat {6}DPP 1, pure, compressed\nContent id {2}[0-9a-f]{64}\nStore id {4}[0-9a-f]{64}\n/,
    );
    const { data } = (await place.run(["--format=json", "dpp", "inspect", DPP])).json();
    assert.equal([data["name"], data["version"], data["requires"]], ["demo", "1.0", ["b>=1"]]);
    assert.equal([data["requires_python"], data["flags"]], [">=3.9", ["pure", "compressed"]]);
    const files = data["files"] as readonly { readonly path: string; readonly bytes: number; readonly mode: number }[];
    for (const file of files) assert.match(stdout, `  ${file.path}\n`.trimEnd());
    assert.equal(
      files.filter(({ path: each }) => each.endsWith("/hi")).map(({ bytes, mode }) => [bytes, mode]),
      [[17, 0o755]],
    );
  }),
);

test(
  "a package of the store is converted with its byte-code, under the id that its entry has",
  inPlace(async (place) => {
    putWheel(place, []);
    const env = { PYBUN_STORE_BYTECODE: "wait" };
    assert.is((await place.run(["run", "--with", `./${WHEEL}`, "-c", ""], { env })).exitCode, 0);
    await place.run(["dpp", "convert", WHEEL, "-o", "wheel.dpp"]);
    for (const name of ["other", "demo==2.0", "demo==1.0==1", "./demo"])
      assert.is((await place.run(["dpp", "convert", name])).exitCode, 3, name);
    const made = await place.run(["dpp", "convert", "Demo==1.0"]);
    assert.match(made.stdout, /^Converted demo 1\.0 -> demo-1\.0-py3-none-any\.dpp \(/, made.stderr);
    assert.is((await place.run(["dpp", "convert", "demo"])).stdout, `Up to date: ${DPP}\n`);
    const inspect = async (file: string) =>
      (await place.run(["--format=json", "dpp", "inspect", file])).json().data as Record<string, readonly unknown[]>;
    const [stored, plain] = [await inspect(DPP), await inspect("wheel.dpp")];
    const [entry = ""] = fs.globSync(path.join(place.data, "packages/??/??/*"));
    assert.equal([stored["store_id"], plain["store_id"]], [path.basename(entry), path.basename(entry)]);
    assert.equal(stored["files"], plain["files"]);
    assert.equal([stored["bytecode"]?.length, plain["bytecode"]?.length], [1, 0]);
    assert.is((await place.run(["dpp", "verify", DPP])).exitCode, 0);
    assert.is((await place.run(["dpp", "to-wheel", DPP, "-o", "back.whl"])).exitCode, 0);
    // Its record can be looked at as well.
    const record = path.join(entry, "record.dpp");
    const { data } = (await place.run(["--format=json", "dpp", "inspect", record])).json();
    assert.equal([data["store_id"], data["name"]], [path.basename(entry), "demo"]);
    assert.equal(data["flags"], ["detached", "pure"]);
    const convert = async () => {
      const { exitCode, stderr } = await place.run(["dpp", "convert", "demo", "--force"]);
      return [exitCode, /E_\w+/.exec(stderr)?.[0]];
    };
    const [module = ""] = fs
      .globSync(path.join(entry, "tree/demo*/**/*.py"))
      .concat(fs.globSync(path.join(entry, "tree/*.py")));
    fs.chmodSync(module, 0o644);
    fs.appendFileSync(module, "x");
    assert.equal(await convert(), [6, "E_STORE_DAMAGED"]);
    fs.chmodSync(record, 0o644);
    fs.appendFileSync(record, "more");
    assert.equal(await convert(), [3, "E_DPP_PLACE"]);
  }),
);

test(
  "verify finds one changed byte, and extract then writes nothing",
  inPlace(async (place) => {
    putWheel(place);
    await place.run(["dpp", "convert", WHEEL]);
    const good = await place.run(["dpp", "verify", DPP]);
    assert.equal([good.exitCode, good.stdout.startsWith(`Intact: ${DPP}`)], [0, true]);
    const file = path.join(place.cwd, DPP);
    const bytes = fs.readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    fs.writeFileSync(file, bytes);
    for (const words of [
      ["verify", DPP],
      ["inspect", DPP],
      ["to-wheel", DPP],
      ["extract", DPP, "out"],
    ]) {
      const { exitCode, stderr } = await place.run(["dpp", ...words]);
      assert.is(exitCode, 6, words.join(" "));
      assert.match(stderr, `\`${DPP}\` is damaged`);
    }
    assert.not(place.exists("out"));
    assert.equal(fs.readdirSync(place.cwd).toSorted(), [DPP, WHEEL]);
  }),
);

test(
  "nothing is replaced unasked, and what can't be read is told",
  inPlace(async (place) => {
    const bytes = putWheel(place);
    place.write({ "other.dpp": "mine", "full/x": "", "bad-1.0-py3-none-any.whl": "PK" });
    fs.writeFileSync(path.join(place.cwd, "lies-1.0-py3-none-any.whl"), bytes);
    await place.run(["dpp", "convert", WHEEL]);
    const cases: readonly (readonly [words: readonly string[], code: string, exitCode: number])[] = [
      [["convert", WHEEL, "-o", "other.dpp"], "E_DPP_PLACE", 3],
      [["convert", WHEEL, "-o", "full"], "E_DPP_PLACE", 3],
      [["convert", "none.whl"], "E_DPP_PLACE", 3],
      [["inspect", "full"], "E_DPP_PLACE", 3],
      [["extract", DPP, "full"], "E_DPP_PLACE", 3],
      [["extract", DPP, WHEEL], "E_DPP_PLACE", 3],
      [["to-wheel", DPP], "E_DPP_PLACE", 3],
      [["inspect", WHEEL], "E_FORMAT_MAGIC", 6],
      [["convert", "bad-1.0-py3-none-any.whl"], "E_ARCHIVE_UNSAFE", 6],
      [["convert", "lies-1.0-py3-none-any.whl"], "E_ARCHIVE_UNSAFE", 6],
      [["extract", DPP], "E_USAGE", 2],
    ];
    for (const [words, code, exitCode] of cases) {
      const result = await place.run(["dpp", ...words]);
      assert.is(result.exitCode, exitCode, `${words.join(" ")}: ${result.stderr}`);
      assert.match(result.stderr, `error[${code}]`);
    }
    assert.is(place.read("other.dpp"), "mine");
    assert.is((await place.run(["dpp", "convert", WHEEL, "-o", "other.dpp", "--force"])).exitCode, 0);
    assert.is((await place.run(["dpp", "verify", "other.dpp"])).exitCode, 0);
  }),
);

test.run();
