import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createRedactor, secretsIn } from "./redact.ts";
import { maskByPattern } from "./redact-rules.ts";

const masked: readonly (readonly [text: string, wanted: string])[] = [
  ["https://user:pass@index.example/simple", "https://***@index.example/simple"],
  ["https://user:p@ss@index.example/simple", "https://***@index.example/simple"],
  ["https://user:p/s?s@index.example/simple", "https://***@index.example/simple"],
  ["https://glpat@index.example/a@1.0", "https://***@index.example/a@1.0"],
  ["proxy socks5h://u:p@127.0.0.1:9 from HTTPS_PROXY", "proxy socks5h://***@127.0.0.1:9 from HTTPS_PROXY"],
  ["Authorization: Basic dXNlcjpwYXNz\nHost: x", "Authorization: ***\nHost: x"],
  ["{'X-Auth-Token': 'abc def'}", "{'X-Auth-Token': ***}"],
  ["Set-Cookie: a=b; path=/", "Set-Cookie: ***"],
  ["upload --token abc dist", "upload --token *** dist"],
  ['upload --api-key="a b" dist', "upload --api-key=*** dist"],
  ["TWINE_PASSWORD=hunter2 twine", "TWINE_PASSWORD=*** twine"],
  ["my.private_key = 'a b'", "my.private_key=***"],
  ['{"client_secret": "a\\"b", "n": 1}', '{"client_secret": "***", "n": 1}'],
  ["https://h.example/f?sig=abc&x=1", "https://h.example/f?sig=***&x=1"],
  [
    "https://h.example/f?X-Amz-Credential=AKIA/1&X-Amz-Signature=f0",
    "https://h.example/f?X-Amz-Credential=***&X-Amz-Signature=***",
  ],
  ["https://h.example/f?access_token=abc#top", "https://h.example/f?access_token=***#top"],
  ["key ghp_16charsOrMore00 end", "key *** end"],
  ["pypi-AgEIcHlwaS5vcmcCJD", "***"],
  ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "***"],
  ["-----BEGIN PRIVATE KEY-----\nMIIE\nabc\n-----END PRIVATE KEY-----\nrest", "***\nrest"],
  ["-----BEGIN RSA PRIVATE KEY-----\\nMIIE cut off", "***"],
];
for (const [text, wanted] of masked)
  test(`masks ${JSON.stringify(text)}`, () => assert.is(maskByPattern(text), wanted));

const clean: readonly string[] = [
  "installed 15 packages in 0.9s",
  "git+https://example.org/a/b@v1.0#egg=c",
  "git+ssh://git@example.org/a/b@v1.0",
  "https://index.example:8080/simple/a@b/",
  "https://index.example/simple/?page=2&q=x",
  "pypi-attestations 0.0.28",
  'asttokens==3.0.2 ; python_version >= "3.9"',
  "npm_config_registry",
  "sk-learn-contrib-lightning",
  "  --token <TOKEN>  token of the index",
  "  --password         ask for a password",
  "set `--token` or `PYBUN_TOKEN`",
  "user@example.org",
  "unexpected token: 3",
  "task-runner 1.0, flask-token-auth 2.1",
];
for (const text of clean) test(`leaves ${JSON.stringify(text)}`, () => assert.is(maskByPattern(text), text));

test("the home directory becomes ~, but only as a whole path", () => {
  const { redactText, redactSecrets } = createRedactor({ home: "/home/al" });
  assert.is(redactText("/home/al/x file:///home/al/y '/home/al'"), "~/x file://~/y '~'");
  assert.is(redactText("/home/alice/x /srv/home/al/y /home/al.bak"), "/home/alice/x /srv/home/al/y /home/al.bak");
  assert.is(redactSecrets("/home/al/x"), "/home/al/x");
  const windows = createRedactor({ home: "C:\\Users\\Al" });
  assert.is(windows.redactText("c:/users/al/x C:\\\\Users\\\\Al\\\\y"), "~/x ~\\\\y");
  assert.is(createRedactor({ home: "/" }).redactText("/usr/bin"), "/usr/bin");
});

test("a short value is no secret, an exchange key keeps its ends", () => {
  const redactor = createRedactor({ home: "", secrets: ["abc"] });
  redactor.addSecret("K3xyAbCdEfGhIjKlMnZ9", "exchange-key");
  assert.is(redactor.redactText("abc K3xyAbCdEfGhIjKlMnZ9"), "abc K3xy***Z9");
  redactor.addSecret("K3xyAbCdEfGhIjKlMnZ9+longer");
  assert.is(redactor.redactText("K3xyAbCdEfGhIjKlMnZ9+longer"), "***");
});

test("strings under a secret's name are masked whole in JSON", () => {
  const { redactEntry } = createRedactor({ home: "/home/al" });
  const value = { token: "plain", n: 5, path: "/home/al/a", private: { type: "string" }, password: "" };
  assert.is(
    JSON.stringify(value, redactEntry),
    '{"token":"***","n":5,"path":"~/a","private":{"type":"string"},"password":""}',
  );
});

test("secrets among environment variables", () => {
  const env = {
    PYBUN_INDEX_CORP_PASSWORD: "hunter2",
    PIP_INDEX_URL: "https://me:p%40ss@index.example/",
    USE_TOKEN: "true",
    PATH: "/usr/bin",
  };
  assert.equal(secretsIn(env), ["hunter2", "p%40ss", "p@ss"]);
});

/** Ways a secret may appear in a text, each as a program would really write it. */
const places: Readonly<Record<string, (secret: string) => string>> = {
  plain: (s) => `got ${s} back`,
  json: (s) => JSON.stringify({ note: s }),
  "percent-encoded": (s) => `https://h.example/x/${encodeURIComponent(s)}/y`,
  "form-encoded": (s) => new URLSearchParams({ q: s }).toString(),
  "user-info": (s) => `https://me:${encodeURIComponent(s)}@h.example/`,
  "single quotes": (s) => `'${s.replace(/'/g, `'\\''`)}'`,
  "double quotes": (s) => `"${s.replace(/["\\$`]/g, "\\$&")}"`,
};

test("redaction leaves no canary, whatever it is made of and wherever it stands", () => {
  const secret = fc
    .tuple(fc.string({ maxLength: 12, unit: "grapheme-ascii" }), fc.string({ maxLength: 12, unit: "grapheme-ascii" }))
    .map(([before, after]) => `${before}CaNaRy${after}`);
  const around = fc.string({ unit: "grapheme-ascii" });
  const property = fc.property(secret, around, around, (value, before, after) => {
    const redactor = createRedactor({ home: "/home/al", secrets: [value] });
    for (const [name, write] of Object.entries(places)) {
      const text = before + write(value) + after;
      assert.not.match(redactor.redactText(text), "CaNaRy", `${name}: ${text}`);
      assert.not.match(redactor.redactSecrets(text), "CaNaRy", `${name}: ${text}`);
    }
  });
  fc.assert(property, { numRuns: 300 });
});

test("a long clean text takes no time to speak of", () => {
  const text = `${"a.b-c_d/e=f&g?h ".repeat(40_000)}\n${"tokentoken.".repeat(20_000)}`;
  const startMs = performance.now();
  createRedactor({ home: "/home/al" }).redactText(text);
  assert.ok(performance.now() - startMs < 2000);
});

test.run();
