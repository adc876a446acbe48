import { test } from "uvu";
import * as assert from "uvu/assert";
import { gitFailure } from "./failure.ts";
import { GIT_OPTIONS, gitEnvironment } from "./git-environment.ts";
import { readReference, repositoryKey } from "./reference.ts";
import { chooseRef, namesIn, patternsFor } from "./remote-refs.ts";

const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => digit.repeat(40)) as [string, string, string];
const LISTING = `${ONE}\trefs/heads/main\n${TWO}\trefs/tags/v1\n${THREE}\trefs/tags/v1^{}\n${TWO}\trefs/tags/main\n`;

test("a name means a branch, then a tag with the commit it stands for", () => {
  assert.equal(chooseRef("main", LISTING), { ref: "refs/heads/main", commit: ONE });
  assert.equal(chooseRef("v1", LISTING), { ref: "refs/tags/v1", commit: THREE });
  assert.equal(chooseRef("refs/tags/main", LISTING), { ref: "refs/tags/main", commit: TWO });
  assert.is(chooseRef("v2", LISTING), undefined);
  assert.equal(chooseRef(undefined, `${ONE}\tHEAD\n`), { ref: "HEAD", commit: ONE });
  assert.equal([...namesIn(LISTING)], ["main", "v1", "main"]);
  assert.equal(patternsFor("refs/pull/1/head"), ["refs/pull/1/head", "refs/pull/1/head^{}"]);
});

const SAID: Readonly<Record<string, readonly [code: string, stderr: string]>> = {
  "a login that is missing": [
    "E_AUTH",
    "fatal: could not read Username for 'https://h.example': terminal prompts disabled",
  ],
  "a login that is wrong": ["E_AUTH", "fatal: Authentication failed for 'https://h.example/x/'"],
  "a key that is refused": [
    "E_AUTH",
    "git@h.example: Permission denied (publickey).\nfatal: Could not read from remote repository.",
  ],
  "a host whose key is not known": [
    "E_AUTH",
    "Host key verification failed.\nfatal: Could not read from remote repository.",
  ],
  "a host that is not there": [
    "E_NETWORK",
    "fatal: unable to access 'https://h.example/x/': Could not resolve host: h.example",
  ],
  "a host that is overloaded": [
    "E_NETWORK",
    "fatal: unable to access 'https://h.example/x/': The requested URL returned error: 503",
  ],
  "a connection that breaks": ["E_NETWORK", "error: RPC failed; curl 18\nfatal: early EOF\nfatal: index-pack failed"],
  "a repository that is not there": [
    "E_GIT_REPOSITORY",
    "remote: Repository not found.\nfatal: repository 'https://h.example/x/' not found",
  ],
  "a folder that is none": ["E_GIT_REPOSITORY", "fatal: '/srv/x' does not appear to be a git repository"],
  "a place that is not allowed": ["E_GIT_FAILED", "fatal: transport 'file' not allowed"],
  "what nobody foresaw": ["E_GIT_FAILED", "fatal: the moon is full"],
};
for (const [what, [code, stderr]] of Object.entries(SAID))
  test(`${what} is known by git's words`, () => {
    const error = gitFailure({ doing: "fetch it", url: "https://h.example/x", stderr });
    assert.is(error.code, code, error.message);
    assert.ok(error.detail.evidence?.some((line) => stderr.includes(line)));
  });

test("no login is told in git's words", () => {
  const stderr = "fatal: unable to access 'https://me:pw@h.example/x/': odd";
  assert.equal(gitFailure({ doing: "fetch it", url: "https://h.example/x", stderr }).detail.evidence, [
    "fatal: unable to access 'https://h.example/x/': odd",
  ]);
});

test("git asks nobody, sees no other repository, and goes where it may", () => {
  const env = {
    PATH: "/bin",
    GIT_DIR: "/x",
    GIT_INDEX_FILE: "/y",
    GIT_CONFIG_COUNT: "1",
    BUN_X: "1",
    GIT_ASKPASS: "z",
  };
  const made = gitEnvironment({ env, scheme: "https", isLfs: false });
  assert.equal(
    [made["GIT_DIR"], made["GIT_INDEX_FILE"], made["BUN_X"], made["GIT_ASKPASS"]],
    [undefined, undefined, undefined, ""],
  );
  assert.equal([made["GIT_ALLOW_PROTOCOL"], made["GIT_TERMINAL_PROMPT"]], ["https:ssh", "0"]);
  assert.is(gitEnvironment({ env, scheme: "file", isLfs: true })["GIT_ALLOW_PROTOCOL"], "https:ssh:file");
  assert.ok(GIT_OPTIONS.some((option) => option.startsWith("core.hooksPath=")));
});

test("a login goes to its own host alone, behind what the user configures by variables", () => {
  const login = { origin: "https://h.example", username: "me", password: "pw" };
  const made = gitEnvironment({ env: { GIT_CONFIG_COUNT: "1" }, scheme: "https", login, isLfs: false });
  assert.equal([made["GIT_CONFIG_COUNT"], made["GIT_CONFIG_KEY_1"]], ["3", "credential.https://h.example.helper"]);
  assert.not.match(made["GIT_CONFIG_VALUE_2"] as string, "pw");
});

test("a login is no part of an address, an ssh user is", () => {
  const read = readReference("demo", "git+https://me:p%40w@h.example/x@main");
  assert.equal([read.url, read.login], ["https://h.example/x", { username: "me", password: "p@w" }]);
  assert.is(read.text, "demo @ git+https://h.example/x@main");
  assert.is(readReference("demo", "git+ssh://git@h.example/x").url, "ssh://git@h.example/x");
  assert.throws(
    () => readReference("demo", "git+ssh://git:pw@h.example/x"),
    (error: Error) => /password/.test(error.message) && !/pw/.test(error.message.replace("password", "")),
  );
});

test("spellings of one address are one repository", () => {
  const keys = ["https://h.example/me/x", "https://h.example/me/x.git", "https://h.example/me/x/"].map(repositoryKey);
  assert.is(new Set(keys).size, 1);
  assert.is.not(repositoryKey("https://h.example/me/X"), keys[0]);
});

test.run();
