import { suite } from "uvu";
import * as assert from "uvu/assert";
import { proxyFor } from "./proxy.ts";

const test = suite("proxy");

const P = "http://proxy.example:3128";
const cases: readonly (readonly [
  what: string,
  url: string,
  env: Readonly<Record<string, string>>,
  from: string | undefined,
])[] = [
  ["none", "https://a.example/", {}, undefined],
  ["by scheme", "https://a.example/", { HTTPS_PROXY: P, HTTP_PROXY: P }, "HTTPS_PROXY"],
  ["not of the other scheme", "http://a.example/", { HTTPS_PROXY: P }, undefined],
  ["for all", "http://a.example/", { ALL_PROXY: P }, "ALL_PROXY"],
  ["lower case first", "https://a.example/", { HTTPS_PROXY: P, https_proxy: P }, "https_proxy"],
  ["an empty variable", "https://a.example/", { HTTPS_PROXY: "", ALL_PROXY: P }, "ALL_PROXY"],
  ["a request header of CGI", "http://a.example/", { HTTP_PROXY: P, REQUEST_METHOD: "GET" }, undefined],
  ["exempt host", "https://a.example/", { HTTPS_PROXY: P, NO_PROXY: "b.example, a.example" }, undefined],
  ["exempt domain", "https://x.a.example/", { HTTPS_PROXY: P, NO_PROXY: ".a.example" }, undefined],
  ["exempt domain without its dot", "https://x.a.example/", { HTTPS_PROXY: P, NO_PROXY: "a.example" }, undefined],
  ["exempt domain with a star", "https://x.a.example/", { HTTPS_PROXY: P, NO_PROXY: "*.a.example" }, undefined],
  ["a name that ends alike", "https://bada.example/", { HTTPS_PROXY: P, NO_PROXY: "a.example" }, "HTTPS_PROXY"],
  ["everything exempt", "https://a.example/", { HTTPS_PROXY: P, NO_PROXY: "*" }, undefined],
  ["exempt port", "https://a.example:8443/", { HTTPS_PROXY: P, NO_PROXY: "a.example:8443" }, undefined],
  ["exempt default port", "https://a.example/", { HTTPS_PROXY: P, NO_PROXY: "a.example:443" }, undefined],
  ["another port", "https://a.example/", { HTTPS_PROXY: P, NO_PROXY: "a.example:8443" }, "HTTPS_PROXY"],
  ["exempt network", "http://10.1.2.3/", { HTTP_PROXY: P, NO_PROXY: "10.0.0.0/8" }, undefined],
  ["another network", "http://11.1.2.3/", { HTTP_PROXY: P, NO_PROXY: "10.0.0.0/8" }, "HTTP_PROXY"],
  ["exempt IPv6", "http://[::1]:8000/", { HTTP_PROXY: P, NO_PROXY: "[::1]:8000" }, undefined],
  ["exempt bare IPv6", "http://[::1]/", { HTTP_PROXY: P, NO_PROXY: "::1" }, undefined],
  ["case", "http://A.Example/", { HTTP_PROXY: P, NO_PROXY: "A.EXAMPLE" }, undefined],
  ["an empty entry", "http://a.example/", { HTTP_PROXY: P, NO_PROXY: ",.," }, "HTTP_PROXY"],
];

for (const [what, url, env, from] of cases) {
  test(what, () => assert.equal(proxyFor(new URL(url), env), from && { url: P, from }));
}

test("the setting goes before variables, and heeds NO_PROXY", () => {
  assert.equal(proxyFor(new URL("https://a.example/"), { HTTPS_PROXY: P }, "own.example:80"), {
    url: "http://own.example:80",
    from: "`http.proxy`",
  });
  assert.is(proxyFor(new URL("https://a.example/"), { NO_PROXY: "a.example" }, "own.example:80"), undefined);
});

test.run();
