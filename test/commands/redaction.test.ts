import fs from "node:fs";
import path from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { filesBelow } from "../harness/files.ts";
import { inPlace } from "../harness/project.ts";

const canary = (name: string): string => `CaNaRy-${name}`;
/** Addresses where nobody answers: a failure is where secrets like to be printed. */
const at = (secret: string): string => `http://me:${canary(secret)}@127.0.0.1:9/simple/`;

const ENV = {
  PYBUN_INDEX_URL: at("index"),
  PIP_EXTRA_INDEX_URL: at("pip"),
  HTTPS_PROXY: `http://me:${canary("proxy")}@127.0.0.1:9`,
  PYBUN_INDEX_CORP_PASSWORD: canary("password"),
  PYBUN_INDEX_CORP_TOKEN: canary("token"),
  AWS_SECRET_ACCESS_KEY: canary("aws"),
};
const SCRIPT = "# /// script\n# dependencies = ['nothing-of-that-name']\n# ///\nprint(1)\n";
const PROJECT = `[project]\nname = "a"\nversion = "1"\n[tool.pybun]\nindex-url = "${at("file")}"\n`;

const CALLS: readonly (readonly string[])[] = [
  ["config", "list", "--show-origin"],
  ["config", "get", "index-url"],
  ["x", "nothing-of-that-name"],
  ["x", `nothing @ ${at("argument")}nothing-1.0.tar.gz`],
  ["run", "script.py"],
  ["run", "--with", `nothing @ ${at("argument")}nothing-1.0.tar.gz`, "-c", "print(1)"],
  ["python", "list"],
  ["env", "list"],
  ["plugin", "list"],
  ["explain", "E_NETWORK"],
];

for (const format of ["text", "json", "ndjson"] as const)
  test(
    `no secret is in any output, log or cache: ${format}`,
    inPlace(async (place) => {
      place.write({ "script.py": SCRIPT });
      const netrc = path.join(place.home, ".netrc");
      fs.writeFileSync(netrc, `machine 127.0.0.1\nlogin me\npassword ${canary("netrc")}\n`);
      for (const call of CALLS) {
        const argv = [`--format=${format}`, "-vvv", ...call];
        const { stdout, stderr } = await place.run(argv, { env: { ...ENV, PYBUN_BACKTRACE: "1" } });
        assert.not.match(stdout + stderr, "CaNaRy", `${call.join(" ")}\n${stdout}\n${stderr}`);
      }
      fs.rmSync(netrc);
      const written = filesBelow(place.root, ".", () => true);
      assert.ok(
        written.some((file) => file.includes("logs/")),
        "a log is written",
      );
      for (const file of written)
        assert.not.match(fs.readFileSync(path.join(place.root, file), "latin1"), "CaNaRy", file);
    }),
  );

test(
  "a secret in a project's file is hidden where it is read, and where the file is wrong",
  inPlace(async (place) => {
    const env = { PYBUN_INDEX_URL: undefined };
    const calls = [
      ["config", "list", "--show-origin"],
      ["x", "nothing"],
    ];
    for (const project of [PROJECT, `${PROJECT}offline = "${at("file")}"\n`, `${PROJECT}offline = ${at("file")}\n`]) {
      place.write({ "pyproject.toml": project });
      for (const call of calls) {
        const { stdout, stderr } = await place.run(["-vvv", ...call], { env });
        assert.not.match(stdout + stderr, "CaNaRy");
      }
    }
  }),
);

test.run();
