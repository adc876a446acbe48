import fs from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createRedactor } from "../../plugin-api/redact.ts";
import { Redactor } from "../../plugin-api/services.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { nativeChain } from "./chain.ts";
import type { Keychain } from "./native.ts";
import vaultOf from "./vault.ts";

const test = suite<{ machine: FakeMachine }>("vault");
test.before.each((context) => {
  context.machine = createMachine();
});
test.after.each(({ machine }) => machine.remove());

const URL_A = "https://a.example/simple/";
const open = (machine: FakeMachine, keyringProvider: string) => {
  const services = { [Redactor.name]: createRedactor({ home: "" }) };
  return vaultOf(
    machine.session({ settings: { keyringProvider }, services, env: { PATH: `${machine.at("path")}:/usr/bin:/bin` } }),
  );
};
const told = (machine: FakeMachine): string[] =>
  machine.events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.code] : []));

test("without a keychain a login is kept in the file, and that is said", async ({ machine }) => {
  const vault = await open(machine, "disabled");
  assert.equal(await vault.keep(URL_A, { username: "me", password: "one" }), {
    url: URL_A,
    username: "me",
    place: "file",
  });
  assert.equal(told(machine), ["W_LOGIN_IN_FILE"]);
  const later = await open(machine, "disabled");
  assert.equal(later.stored(`${URL_A}x/`), { username: "me", password: "one" });
  assert.is(later.stored("https://b.example/"), undefined);
  assert.is(later.stored(URL_A, "you"), undefined);
  assert.is(await later.fromKeychain(URL_A), undefined);
  await later.keep(URL_A, { username: "me", password: "two" });
  await later.keep(URL_A, { username: "you", password: "three" });
  assert.equal(later.stored(URL_A, "you"), { username: "you", password: "three" });
  assert.equal(
    later.list().map(({ username }) => username),
    ["me", "you"],
  );
  assert.not.match(JSON.stringify(later.list()), "three");
  assert.is((await later.forget(URL_A, "me")).length, 1);
  assert.is((await later.forget(URL_A)).length, 1);
  assert.is((await later.forget(URL_A)).length, 0);
});

test("a file that others can read gives nothing, which is said once", async ({ machine }) => {
  const { file } = await open(machine, "disabled");
  await (await open(machine, "disabled")).keep(URL_A, { username: "me", password: "one" });
  fs.chmodSync(file, 0o604);
  machine.events.length = 0;
  const vault = await open(machine, "disabled");
  assert.is(vault.stored(URL_A), undefined);
  assert.is(vault.stored(URL_A), undefined);
  assert.equal(told(machine), ["W_LOGINS_IGNORED"]);
});

/** A `keyring` that keeps passwords in files beside itself. */
const KEYRING = `#!/bin/sh
cd "\${0%/*}"
echo "$@" >> calls
case "$1" in
  get) cat "kept-$(echo "$2 $3" | tr ' /:' '___')" ;;
  set) cat > "kept-$(echo "$2 $3" | tr ' /:' '___')" ;;
  del) rm "kept-$(echo "$2 $3" | tr ' /:' '___')" ;;
  --mode) [ "$4" = host.example ] && printf 'found\\nby-host\\n' ;;
esac
`;
const withProgram = (machine: FakeMachine): (() => string[]) => {
  fs.writeFileSync(machine.at("path/keyring"), KEYRING, { mode: 0o755 });
  return () => fs.readFileSync(machine.at("path/calls"), "utf8").trim().split("\n");
};

test("the program `keyring` keeps and gives passwords, by address and then by host", async ({ machine }) => {
  const calls = withProgram(machine);
  const vault = await open(machine, "subprocess");
  assert.is((await vault.keep(URL_A, { username: "me", password: "p w" })).place, "keychain");
  assert.not.match(fs.readFileSync(vault.file, "utf8"), "p w");
  assert.equal(await vault.fromKeychain(URL_A), { username: "me", password: "p w" });
  assert.equal(await vault.fromKeychain("https://host.example/x/"), { username: "found", password: "by-host" });
  assert.is(await vault.fromKeychain("https://other.example/", "me"), undefined);
  await vault.forget(URL_A);
  assert.equal(calls(), [
    `set ${URL_A} me`,
    `get ${URL_A} me`,
    "--mode creds get https://host.example/x/",
    "--mode creds get host.example",
    "get https://other.example/ me",
    "get other.example me",
    `del ${URL_A} me`,
  ]);
  assert.equal(told(machine), []);
});

test("without the program the password goes to the file, and a question to it is a warning", async ({ machine }) => {
  const vault = await vaultOf(
    machine.session({
      settings: { keyringProvider: "subprocess" },
      services: { [Redactor.name]: createRedactor({ home: "" }) },
    }),
  );
  assert.is((await vault.keep(URL_A, { username: "me", password: "one" })).place, "file");
  assert.is(await vault.fromKeychain("https://b.example/"), undefined);
  assert.equal(told(machine), ["W_LOGIN_IN_FILE", "W_KEYRING"]);
});

/** A keychain in memory, which may be locked. */
function keychain(isLocked = false): Keychain & { readonly kept: Map<string, string>; asked: number } {
  const kept = new Map<string, string>();
  const opened = <T>(work: () => T): Promise<T> => {
    own.asked++;
    return isLocked ? Promise.reject(new Error("locked\nmore")) : Promise.resolve(work());
  };
  const own = {
    kept,
    asked: 0,
    read: (service: string, username: string) => opened(() => kept.get(`${service} ${username}`)),
    write: (service: string, username: string, password: string) =>
      opened(() => void kept.set(`${service} ${username}`, password)),
    remove: (service: string, username: string) => opened(() => kept.delete(`${service} ${username}`)),
  };
  return own;
}

test("the system's keychain is opened only for what was put into it", async () => {
  const own = keychain();
  const chain = nativeChain(own, new AbortController().signal);
  assert.is(await chain.read({ url: URL_A, username: "me", isNoted: false }), undefined);
  assert.is(own.asked, 0);
  assert.is(await chain.write(URL_A, { username: "me", password: "one" }), undefined);
  assert.equal([...own.kept], [[`pybun:${URL_A} me`, "one"]]);
  assert.equal(await chain.read({ url: URL_A, username: "me", isNoted: true }), { username: "me", password: "one" });
  await chain.remove(URL_A, "me");
  assert.is(own.kept.size, 0);
});

test("a keychain that is locked says why, and forgetting is no failure", async () => {
  const chain = nativeChain(keychain(true), new AbortController().signal);
  assert.is(await chain.write(URL_A, { username: "me", password: "one" }), "locked");
  await chain.remove(URL_A, "me");
  assert.match(await chain.read({ url: URL_A, username: "me", isNoted: true }).then(String, String), "locked");
});

test.run();
