import { test } from "uvu";
import * as assert from "uvu/assert";
import { PybunError } from "../error.ts";
import { formatRequirement } from "./requirement.ts";
import {
  entriesWithoutHash,
  loadRequirementsFile,
  parseRequirementsFile,
  type RequirementsFile,
} from "./requirements-file.ts";
import { decodeRequirementsFile, logicalLines, shellWords } from "./requirements-file-text.ts";

const SHA = "a".repeat(64);
const context = { file: "/p/requirements.txt", cwd: "/p", env: { TOKEN: "secret", EMPTY: "" } };
const parse = (text: string) => parseRequirementsFile(text, context);

/** What the one line of a file asks for, as one text; an unnamed place in angle brackets. */
function asked(text: string): string {
  const [line] = parse(text);
  assert.ok(line?.kind === "requirement", text);
  const { subject, isEditable } = line.entry;
  const what =
    subject.kind === "requirement"
      ? formatRequirement(subject.requirement)
      : `<${subject.url}>[${subject.extras.join()}]${subject.marker}`;
  return (isEditable ? "-e " : "") + what;
}

const SUBJECTS: readonly (readonly [line: string, expected: string])[] = [
  ["Flask[async, dotenv] >= 2 , <3 ; python_version < '3.9'", 'flask[async,dotenv]<3,>=2; python_version < "3.9"'],
  ["requests (>=2)  # why", "requests>=2"],
  ["a @ https://e.x/a#b.zip ; os_name == 'nt'", 'a @ https://e.x/a#b.zip ; os_name == "nt"'],
  ["a @ ./x", "a @ file:///p/x"],
  ["./some/dir", "<file:///p/some/dir>[]"],
  ["./some/dir[x,y]; os_name == 'nt'", '<file:///p/some/dir>[x,y]os_name == "nt"'],
  [".", "<file:///p>[]"],
  ["dist/a_b-1.0-py3-none-any.whl[z]", "a-b[z] @ file:///p/dist/a_b-1.0-py3-none-any.whl"],
  ["a-1.0.tar.gz", "a @ file:///p/a-1.0.tar.gz"],
  ["../main.zip", "<file:///main.zip>[]"],
  ["file:../lib#egg=lib", "lib @ file:///lib"],
  ["https://e.x/a-1.0-py3-none-any.whl?q=1;2", "<https://e.x/a-1.0-py3-none-any.whl?q=1;2>[]"],
  ["https://e.x/a-1.0-py3-none-any.whl ; os_name == 'nt'", 'a @ https://e.x/a-1.0-py3-none-any.whl ; os_name == "nt"'],
  ["https://e.x/x.zip#egg=Pkg[ex]&subdirectory=s&sha256=0", "pkg[ex] @ https://e.x/x.zip#subdirectory=s&sha256=0"],
  ["git+https://e.x/r.git@v1#egg=r", "r @ git+https://e.x/r.git@v1"],
  ["git+ssh://git@e.x/r.git", "<git+ssh://git@e.x/r.git>[]"],
  ["https://${TOKEN}:${EMPTY}${lower}@e.x/a.zip", "<https://secret:${EMPTY}${lower}@e.x/a.zip>[]"],
  ["-e .[dev]", "-e <file:///p>[dev]"],
  ["--editable=git+https://e.x/r.git#egg=r", "-e r @ git+https://e.x/r.git"],
  ["-e'./with blank'", "-e <file:///p/with%20blank>[]"],
];
for (const [line, expected] of SUBJECTS) test(`reads ${line}`, () => assert.is(asked(line), expected));

const REFUSED: readonly (readonly [text: string, message: RegExp])[] = [
  ["\n\nflask --upgrade", /requirements\.txt:3 .*`--upgrade` is no option/],
  ["--extra-index-ur x", /`--extra-index-url` is/],
  ["flask --index-url https://e.x", /`--index-url` has to stand on a line of its own/],
  ["--hash=sha256:00", /`--hash` needs a requirement before it/],
  ["flask==1 --hash=md5:00", /none of `sha256:/],
  ["flask==1 --hash=sha256:00", /no sha256 of 64/],
  ["--no-index=1", /takes no value/],
  ["-r", /needs a value/],
  ["-r a\0.txt", /a file's name holds a NUL/],
  ["-r a.txt --pre", /unexpected `--pre`/],
  ["-e flask", /`-e` needs a folder/],
  ["-e https://e.x/a.zip", /`-e` needs a folder/],
  ["flask -C x", /not of the form KEY=VALUE/],
  ["--find-links 'x", /never closed/],
  ["flask = 1", /not a valid requirement/],
  ["a_b-1.whl", /not a valid wheel name/],
  ["./%zz.whl", /can't be read/],
];
for (const [text, message] of REFUSED)
  test(`refuses ${text.trim()}`, () =>
    assert.throws(
      () => parse(text),
      (error: unknown) =>
        error instanceof PybunError && error.code === "E_REQUIREMENTS_INVALID" && message.test(error.message),
    ));

test("continued lines are one line, numbered by its first; a comment is not continued", () => {
  const text = `a==1 \\\n    --hash=sha256:${SHA} \\\n    --hash=sha512:${"B".repeat(128)}\n# x \\\nb\\\n# c\n`;
  const [a, b] = parse(text);
  assert.ok(a?.kind === "requirement" && b?.kind === "requirement");
  assert.equal(a.entry.hashes, { sha256: [SHA], sha512: ["b".repeat(128)] });
  assert.equal([a.entry.line, b.entry.line, b.entry.text], [1, 5, "b"]);
});

test("settings for the backend are collected, those given twice as a list", () => {
  const [line] = parse("a -C x=1 --config-settings=y==z --config-setting x=2");
  assert.ok(line?.kind === "requirement");
  assert.equal(line.entry.configSettings, { x: ["1", "2"], y: "=z" });
});

test("lines end where Python ends them, and a fragment is no comment", () => {
  assert.equal(logicalLines("a\r\nb\rc\u2028d\fe#f", {}), [
    { line: 1, text: "a" },
    { line: 2, text: "b" },
    { line: 3, text: "c" },
    { line: 4, text: "d" },
    { line: 5, text: "e#f" },
  ]);
});

test("options are parted as a shell does", () => {
  assert.equal(shellWords(` a 'b c'"d\\"e" \\ f ''`), ["a", `b cd"e`, " f", ""]);
});

const ENCODED: readonly (readonly [what: string, bytes: readonly number[], text: string])[] = [
  ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, 0x61], "a"],
  ["UTF-16, little-endian", [0xff, 0xfe, 0x61, 0], "a"],
  ["UTF-16, big-endian", [0xfe, 0xff, 0, 0x61], "a"],
  ["UTF-32, little-endian", [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0], "a"],
  ["UTF-32, big-endian", [0, 0, 0xfe, 0xff, 0, 0, 0, 0x61], "a"],
  ["a declared encoding", [...Buffer.from("# -*- coding: latin_1 -*-\n# "), 0xe9], "# -*- coding: latin_1 -*-\n# é"],
];
for (const [what, bytes, text] of ENCODED)
  test(`decodes ${what}`, () => assert.is(decodeRequirementsFile(Uint8Array.from(bytes)), text));

/** Loads `/p/requirements.txt` (or another) of a set of files by path. */
const load = (files: Readonly<Record<string, string | Uint8Array>>, file = context.file): Promise<RequirementsFile> =>
  loadRequirementsFile({ ...context, file }, async (name) => {
    assert.ok(files[name] !== undefined, `${name} is not there`);
    return Buffer.from(files[name]);
  });
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    assert.instance(error, PybunError);
    return (error as PybunError).message;
  }
  return "nothing refused";
};

test("files that are named are read beside the one that names them, constraints as such", async () => {
  const { entries, options } = await load({
    "/p/requirements.txt": "-r sub/dev.txt\n-c sub/c.txt\nz\n-i https://one\n",
    "/p/sub/dev.txt":
      "-r more.txt\n./lib\n--index-url https://two\n--find-links wheels\n--extra-index-url=https://three --pre\n",
    "/p/sub/more.txt": "m",
    "/p/sub/c.txt": "n<2",
  });
  assert.equal(
    entries.map(({ text, file, line, isConstraint }) => [text, file, line, isConstraint]),
    [
      ["m", "/p/sub/more.txt", 1, false],
      ["./lib", "/p/sub/dev.txt", 2, false],
      ["n<2", "/p/sub/c.txt", 1, true],
      ["z", "/p/requirements.txt", 3, false],
    ],
  );
  assert.equal(
    [options.indexUrl, options.extraIndexUrls, options.findLinks, options.allowsPrereleases],
    ["https://one", ["https://three"], ["/p/sub/wheels"], true],
  );
});

test("kinds of archives: what one list gains the other loses", async () => {
  const lines =
    "--no-binary A_b,c\n--only-binary c\n--only-binary=d\n--no-binary :none:\n--no-binary e\n--use-feature f\n--trusted-host h";
  const { options } = await load({ [context.file]: lines });
  assert.equal([options.noBinary, options.onlyBinary], [["e"], ["c", "d"]]);
  assert.equal([options.features, options.trustedHosts], [["f"], ["h"]]);
  const all = await load({ [context.file]: "--only-binary d\n--no-binary :all:" });
  assert.equal([all.options.noBinary, all.options.onlyBinary], [[":all:"], []]);
});

test("files from a server lead to that server only", async () => {
  const remote = "https://e.x/d/r.txt";
  const { entries } = await load({ [remote]: "-r other.txt", "https://e.x/d/other.txt": "a" }, remote);
  assert.is(entries.length, 1);
  assert.match(await refusal(load({ [remote]: "-r file:///etc/x" }, remote)), /is on this machine/);
});

test("files that name each other are refused", async () => {
  const files = { "/p/requirements.txt": "-r b.txt", "/p/b.txt": "\n-c requirements.txt" };
  assert.match(await refusal(load(files)), /b\.txt:2 .*`requirements\.txt`, which leads back to it/);
});

test("what is not UTF-8 is refused with the way out", async () => {
  assert.match(
    await refusal(load({ [context.file]: Uint8Array.of(0x61, 0xe9) })),
    /requirements\.txt can't be read: it is not utf-8/,
  );
  assert.match(await refusal(load({ [context.file]: "# coding: klingon\n" })), /`klingon` is not known/);
});

const HASHES: readonly (readonly [what: string, text: string, without: string])[] = [
  ["none asked for", "a\nb==1", ""],
  ["one hash asks for all", `a==1 --hash=sha256:${SHA}\nb==1\nc>1`, "b==1 c>1"],
  ["a file may ask for them", "--require-hashes\na==1", "a==1"],
  ["or do without", `--no-require-hashes\na==1 --hash=sha256:${SHA}\nb`, ""],
  ["a hash of a range says nothing", `a>=1 --hash=sha256:${SHA}\nb==1.* --hash=sha256:${SHA}`, "a>=1 b==1.*"],
  [
    "repositories have none",
    `g @ git+https://e.x/g --hash=sha256:${SHA}\nu @ https://e.x/u.zip --hash=sha256:${SHA}`,
    "g @ git+https://e.x/g",
  ],
];
for (const [what, text, without] of HASHES)
  test(`hashes: ${what}`, async () => {
    assert.is(
      entriesWithoutHash(await load({ [context.file]: text }))
        .map((entry) => entry.text)
        .join(" "),
      without,
    );
  });

test("a constraint's hashes count for its package", async () => {
  const files = { [context.file]: "-c c.txt\na==1", "/p/c.txt": `a==1 --hash=sha256:${SHA}` };
  assert.equal(entriesWithoutHash(await load(files)), []);
});

test.run();
