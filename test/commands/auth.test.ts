import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesBelow } from "../harness/files.ts";
import { type IndexServer, startIndex } from "../harness/index-server.ts";
import { inPlace, type Place, type Result } from "../harness/project.ts";
import { runInTerminal } from "../harness/terminal.ts";

const SECRET = "CaNaRy p@ss";
const TOKEN = "CaNaRy-token";
const FILE = ".config/pybun/credentials.json";

/** A project whose index `corp` wants a login. The keychain is off, as in a container. */
const atCorp =
  (login: { readonly username: string; readonly password: string }, body: (corp: Corp) => Promise<void>) =>
  async (): Promise<void> => {
    const index = await startIndex({ packages: [{ name: "a", version: "1.0" }], login });
    const env = { PYBUN_KEYRING_PROVIDER: "disabled" };
    try {
      await inPlace(
        async (place) => {
          place.write({
            "pyproject.toml": `[project]\nname = "p"\nversion = "1"\n[[tool.pybun.index]]\nname = "corp"\nurl = "${index.url}"\n`,
          });
          const take = (more: Readonly<Record<string, string>> = {}) =>
            place.run(["run", "--refresh", "--with", "a", "-c", "import a; print(a.version)"], { env: more });
          await body({ place, index, take });
        },
        { env },
      )();
    } finally {
      await index.stop();
    }
  };
interface Corp {
  readonly place: Place;
  readonly index: IndexServer;
  /** Takes a package from the index. */
  readonly take: (env?: Readonly<Record<string, string>>) => Promise<Result>;
}
const ME = { username: "me", password: SECRET };

test(
  "a login by name serves until it is forgotten, and only its own file shows it",
  atCorp(ME, async ({ place, take, index }) => {
    const before = await take();
    assert.is(before.exitCode, 5);
    assert.match(before.stderr, `pybun auth login ${index.url}`);
    const shown = [before];
    const login = ["-vvv", "auth", "login", "corp", "--username", "me", "--password-stdin"];
    const done = await place.run(login, { stdin: `${SECRET}\n` });
    assert.is(done.exitCode, 0, done.stderr);
    assert.match(done.stderr, "W_LOGIN_IN_FILE");
    assert.is(fs.statSync(path.join(place.home, FILE)).mode & 0o777, 0o600);
    const after = await take();
    assert.is(after.stdout, "1.0\n", after.stderr);
    const list = await place.run(["--format=json", "auth", "list"]);
    assert.equal(list.json().data["logins"], [{ url: index.url, username: "me", place: "file" }]);
    const gone = await place.run(["auth", "logout", "corp"]);
    assert.is(gone.stdout, "Forgot the login of me for corp\n");
    assert.match((await place.run(["auth", "logout", "corp"])).stderr, "E_LOGIN_UNKNOWN");
    shown.push(done, after, list, gone, await place.run(["auth", "list"]));
    for (const { stdout, stderr } of shown) assert.not.match(stdout + stderr, "CaNaRy");
    for (const file of filesBelow(place.root, ".", () => true))
      assert.not.match(fs.readFileSync(path.join(place.root, file), "latin1"), "CaNaRy", file);
  }),
);

test(
  "a token needs no name; one that comes from standard input neither",
  atCorp({ username: "__token__", password: TOKEN }, async ({ place, take }) => {
    for (const [words, stdin] of [
      [["--token", TOKEN], ""],
      [["--password-stdin"], TOKEN],
    ] as const) {
      const { exitCode, stdout, stderr } = await place.run(["auth", "login", "corp", ...words], { stdin });
      assert.is(exitCode, 0, stderr);
      assert.not.match(stdout + stderr, TOKEN);
      assert.is((await take()).stdout, "1.0\n");
      await place.run(["auth", "logout", "corp"]);
    }
  }),
);

test(
  "on a terminal name and password are asked for, and the password is not shown",
  atCorp(ME, async ({ place, take }) => {
    const env = { PYBUN_KEYRING_PROVIDER: "disabled" };
    const { exitCode, shown } = await runInTerminal(place, ["auth", "login", "corp"], { answers: ["me", SECRET], env });
    assert.is(exitCode, 0, shown);
    assert.match(shown, "User name: me");
    assert.match(shown, "Password of me for corp: ");
    assert.not.match(shown, "CaNaRy");
    assert.is((await take()).stdout, "1.0\n");
    const stopped = await runInTerminal(place, ["auth", "login", "corp"], { answers: ["me", "^C"], env });
    assert.is(stopped.exitCode, 130, stopped.shown);
  }),
);

test(
  "the program `keyring` is asked after the index has refused, once a run",
  atCorp(ME, async ({ place, take, index }) => {
    const bin = path.join(place.root, "bin");
    fs.mkdirSync(bin);
    const program = `#!/bin/sh\necho "$@" >> ${bin}/calls\nprintf 'me\\n${SECRET}\\n'\n`;
    fs.writeFileSync(path.join(bin, "keyring"), program, { mode: 0o755 });
    const [folder = ""] = (await place.run(["python", "find"])).stdout.trim().match(/.*(?=\/)/) ?? [];
    const PATH = [bin, folder, "/usr/bin", "/bin"].join(path.delimiter);
    const { stdout, stderr } = await take({ PYBUN_KEYRING_PROVIDER: "", UV_KEYRING_PROVIDER: "subprocess", PATH });
    assert.is(stdout, "1.0\n", stderr);
    assert.is(fs.readFileSync(path.join(bin, "calls"), "utf8"), `--mode creds get ${index.url}\n`);
    assert.is(index.requests.filter(({ status }) => status === 401).length, 1);
    assert.not.match(stdout + stderr, "CaNaRy");
    fs.rmSync(bin, { recursive: true });
  }),
);

const ELSEWHERE = "https://packages.corp.example/simple/";
for (const [what, { own = {}, config = "", isSent }] of [
  ["that only the project names", { isSent: true }],
  ["that is where the variable says", { own: { PYBUN_INDEX_CORP_URL: "SERVER" }, isSent: true }],
  ["that is elsewhere by a variable", { own: { PYBUN_INDEX_CORP_URL: ELSEWHERE }, isSent: false }],
  ["that is elsewhere by an extra index of that name", { own: { UV_INDEX: `corp=${ELSEWHERE}` }, isSent: false }],
  [
    "that is elsewhere by the user's own file",
    { config: `[[index]]\nname = "corp"\nurl = "${ELSEWHERE}"\n`, isSent: false },
  ],
] as readonly (readonly [string, Withheld])[])
  test(
    `variables for an index ${what}: the login is ${isSent ? "sent" : "withheld"}`,
    atCorp(ME, async ({ place, take, index }) => {
      const file = path.join(place.home, ".config/pybun/config.toml");
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, config);
      const home = Object.fromEntries(
        Object.entries(own).map(([key, value]) => [key, value.replace("SERVER", index.origin)]),
      );
      const { exitCode, stdout, stderr } = await take({
        ...home,
        PYBUN_INDEX_CORP_USERNAME: "me",
        PYBUN_INDEX_CORP_PASSWORD: SECRET,
      });
      assert.is(exitCode === 0, isSent, stderr);
      assert.is(
        index.requests.some(({ headers }) => headers["authorization"] !== undefined),
        isSent,
      );
      assert.is(stderr.includes("W_LOGIN_WITHHELD"), !isSent, stderr);
      assert.not.match(stdout + stderr, "CaNaRy");
    }),
  );
interface Withheld {
  readonly own?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly isSent: boolean;
}

for (const [words, stdin, code, text] of [
  [["auth", "login", "nowhere"], "", 3, "E_LOGIN_UNKNOWN"],
  [["auth", "login", "crop"], "", 3, "did you mean `corp`"],
  [["auth", "login", "corp"], "", 3, "E_LOGIN_INCOMPLETE"],
  [["auth", "login", "corp", "--password-stdin"], "", 3, "E_LOGIN_INCOMPLETE"],
  [["auth", "login", "corp", "--token", "x", "--password-stdin"], "y", 2, "E_USAGE"],
  [["auth", "login"], "", 2, "something is missing"],
  [["auth", "logout", "https://nobody.example/simple/"], "", 3, "E_LOGIN_UNKNOWN"],
] as const)
  test(
    `${words.join(" ")} with ${JSON.stringify(stdin)} ends with ${code}`,
    atCorp(ME, async ({ place }) => {
      const { exitCode, stderr } = await place.run(words, { stdin });
      assert.is(exitCode, code, stderr);
      assert.match(stderr, text);
    }),
  );

test.run();
