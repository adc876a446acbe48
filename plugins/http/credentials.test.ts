import fs from "node:fs";
import path from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
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

secrets.run();
