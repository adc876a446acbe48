import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Login } from "../../plugin-api/services.ts";
import { type Answer, failure, filesBelow, type Scene, scene, status, text } from "../../test/harness/http-scene.ts";

const secrets = suite("http credentials");

const needs =
  (login: string): Answer =>
  (request, response) =>
    request.headers.authorization === `Basic ${Buffer.from(login).toString("base64")}`
      ? response.end("in")
      : status(401)(request, response);

secrets(
  "the URL's, also when escaped; no event, error or file shows them",
  scene({ "/a": needs("me:s/cret@1"), "/b": status(500) }, async ({ http, url, events, dir }) => {
    const withLogin = (path: string) => url(path).replace("//", "//me:s%2Fcret%401@");
    assert.is(text(await http.get(withLogin("/a"))), "in");
    const error = await failure(http.get(withLogin("/b")));
    const shown = JSON.stringify([events, error.message, error.detail, String(error.cause)]);
    const kept = filesBelow(dir).map((file) => fs.readFileSync(file, "latin1"));
    assert.ok(events.some(({ type }) => type === "NetworkAccess"));
    assert.is(kept.length, 1);
    for (const canary of ["cret", Buffer.from("me:s/cret@1").toString("base64")])
      assert.not.match(shown + kept.join(""), canary);
  }),
);

secrets(
  "what was learned of an index goes to its scheme, host and port only",
  scene({ "/a": needs("me:secret") }, async ({ http, credentials, url }) => {
    assert.is(credentials.learn({ url: url("/simple/").replace("//", "//me:secret@") }), url("/simple/"));
    assert.is(text(await http.get(url("/a"))), "in");
    const other = url("/a").replace("127.0.0.1", "localhost");
    assert.is((await http.get(other)).status, 401);
  }),
);

secrets(
  "variables by the index's name",
  scene(
    { "/a": needs("me:secret") },
    async ({ http, credentials, url }) => {
      credentials.learn({ url: url("/simple/"), name: "my-corp.1" });
      assert.is(text(await http.get(url("/a"))), "in");
      credentials.learn({ url: "https://t.example/", name: "tok" });
      assert.equal(await credentials.for("https://t.example/x"), { username: "__token__", password: "abc" });
    },
    {
      env: {
        PYBUN_INDEX_MY_CORP_1_USERNAME: "me",
        PYBUN_INDEX_MY_CORP_1_PASSWORD: "secret",
        PYBUN_INDEX_TOK_TOKEN: "abc",
      },
    },
  ),
);

const withNetrc =
  (mode: number, body: (scene: Scene) => Promise<void>) =>
  (scene: Scene): Promise<void> => {
    const file = path.join(scene.dir, ".netrc");
    fs.writeFileSync(file, "machine 127.0.0.1 login me password secret\ndefault login all password of-them\n");
    fs.chmodSync(file, mode);
    return body(scene);
  };

secrets(
  "netrc, for the named host; its default for hosts of indexes",
  scene(
    { "/a": needs("me:secret") },
    withNetrc(0o600, async ({ http, credentials, url }) => {
      assert.is(text(await http.get(url("/a"))), "in");
      assert.is(await credentials.for("https://cdn.example/"), undefined);
      credentials.learn({ url: "https://index.example/simple/" });
      assert.equal(await credentials.for("https://index.example/x"), { username: "all", password: "of-them" });
    }),
  ),
);

secrets(
  "a netrc that others can read is not used, and that is said once",
  scene(
    { "/a": needs("me:secret") },
    withNetrc(0o640, async ({ http, url, events }) => {
      assert.is((await http.get(url("/a"), { cache: "bypass" })).status, 401);
      await http.get(url("/a"), { cache: "bypass" });
      const said = events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic.code] : []));
      assert.equal(said, ["W_NETRC_IGNORED"]);
    }),
  ),
);

secrets(
  "a refused download says so",
  scene({ "/a": status(403) }, async ({ http, url, dir }) => {
    const error = await failure(http.download(url("/a"), path.join(dir, "x")));
    assert.equal([error.code, error.detail.context?.["status"]], ["E_AUTH", 403]);
  }),
);

/** A vault that tells what it is asked. */
const vaultWith = (file: Login | undefined, chain: Login | undefined) => {
  const asked: string[] = [];
  const stored = (url: string, user?: string) => {
    asked.push(`file ${new URL(url).pathname} ${user}`);
    return file;
  };
  const fromKeychain = async (url: string, user?: string) => {
    asked.push(`chain ${new URL(url).pathname} ${user}`);
    return chain;
  };
  return { asked, vault: { stored, fromKeychain } };
};
const login = (username: string, password: string): Login => ({ username, password });

for (const [what, { url: user = "", env, netrc, file, chain }, expected] of [
  ["the URL before all", { url: "u:url", env: "e:env", netrc: "n:netrc", file: "f:file", chain: "c:chain" }, "u:url"],
  ["variables before netrc", { env: "e:env", netrc: "n:netrc", file: "f:file", chain: "c:chain" }, "e:env"],
  ["netrc before the file", { netrc: "n:netrc", file: "f:file", chain: "c:chain" }, "n:netrc"],
  ["the file before the keychain", { file: "f:file", chain: "c:chain" }, "f:file"],
  ["the keychain at last", { chain: "c:chain" }, "c:chain"],
  ["a user name alone, where nothing else is known", { url: "token:" }, "token:"],
  ["the keychain's password for a user name alone", { url: "c:", chain: "c:chain" }, "c:chain"],
  ["netrc's password for that user only", { url: "m:", netrc: "n:netrc", chain: "m:chain" }, "m:chain"],
] as readonly (readonly [string, Partial<Record<"url" | "env" | "netrc" | "file" | "chain", string>>, string])[]) {
  const of = (text: string | undefined): Login | undefined =>
    text === undefined ? undefined : login(...(text.split(":") as [string, string]));
  const { vault, asked } = vaultWith(of(file), of(chain));
  const fromEnv = of(env);
  secrets(
    `order: ${what}`,
    scene(
      { "/simple/a/": needs(expected), "/files/a": needs(expected) },
      async ({ http, credentials, url, requests, dir }) => {
        const own = of(netrc);
        if (own)
          fs.writeFileSync(
            path.join(dir, ".netrc"),
            `machine 127.0.0.1 login ${own.username} password ${own.password}\n`,
            { mode: 0o600 },
          );
        const index = user === "" ? url("/simple/") : url("/simple/").replace("//", `//${user}@`);
        credentials.learn({ url: index, name: "corp" });
        const bypass = { cache: "bypass" } as const;
        const answers = await Promise.all([http.get(url("/simple/a/"), bypass), http.get(url("/files/a"), bypass)]);
        assert.equal(answers.map(text), ["in", "in"]);
        const isFromChain = expected.endsWith("chain");
        assert.is(requests.length, isFromChain ? 4 : 2, "only the keychain needs a refusal first");
        await http.get(url("/simple/a/"), bypass);
        assert.is(requests.length, isFromChain ? 5 : 3, "and then no more");
        const opened = asked.filter((each) => each.startsWith("chain"));
        assert.is(opened.length, isFromChain ? 1 : 0);
        if (isFromChain) assert.match(opened[0] ?? "", /^chain \/simple\/ /);
      },
      {
        vault,
        ...(fromEnv && {
          env: { PYBUN_INDEX_CORP_USERNAME: fromEnv.username, PYBUN_INDEX_CORP_PASSWORD: fromEnv.password },
        }),
      },
    ),
  );
}

const nothing = vaultWith(undefined, undefined);
secrets(
  "a refusal that nobody can help is one request, and the keychain asked once",
  scene(
    { "/a": status(401) },
    async ({ http, credentials, url, requests }) => {
      credentials.learn({ url: url("/") });
      for (let i = 0; i < 3; i++) assert.is((await http.get(url("/a"), { cache: "bypass" })).status, 401);
      assert.is(requests.length, 3);
      assert.is(nothing.asked.filter((each) => each.startsWith("chain")).length, 1);
    },
    { vault: nothing.vault },
  ),
);

const wrong = vaultWith(undefined, login("me", "old"));
secrets(
  "what the keychain has and the server refuses is sent once a request",
  scene(
    { "/a": status(401) },
    async ({ http, url, requests }) => {
      assert.is((await http.get(url("/a"), { cache: "bypass" })).status, 401);
      assert.is(requests.length, 2);
    },
    { vault: wrong.vault },
  ),
);

secrets(
  "two indexes of one server each get their own",
  scene(
    { "/one/a": needs("me:one"), "/two/a": needs("me:two"), "/two/deep/a": needs("me:deep") },
    async ({ http, credentials, url }) => {
      for (const at of ["one/", "two/deep/", "two/"]) {
        const password = at.split("/").at(-2);
        credentials.learn({ url: url(`/${at}`).replace("//", `//me:${password}@`) });
      }
      for (const at of ["/one/a", "/two/a", "/two/deep/a"]) assert.is(text(await http.get(url(at))), "in", at);
    },
  ),
);

secrets("a redirect to another server drops them, also when that leads back", async () => {
  const seen: (string | undefined)[] = [];
  const note =
    (answer: Answer): Answer =>
    (request, response) => {
      seen.push(request.headers.authorization && "login");
      answer(request, response);
    };
  let home = "";
  const away: Answer = (_, response) => response.writeHead(302, { location: `${home}/back` }).end();
  await scene({ "/b": note(away) }, async ({ url: other }) => {
    const leave: Answer = (_, response) => response.writeHead(302, { location: other("/b") }).end();
    await scene({ "/a": note(leave), "/back": note((_, response) => response.end("in")) }, async ({ http, url }) => {
      home = url("");
      assert.is(text(await http.get(url("/a").replace("//", "//me:secret@"))), "in");
    })();
  })();
  assert.equal(seen, ["login", undefined, undefined]);
});

secrets.run();
