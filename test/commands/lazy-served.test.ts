import fs from "node:fs";
import path from "node:path";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lazyConfiguration } from "../bench/lazy-tools.ts";
import { REPOSITORY } from "../harness/executable.ts";
import { FORKED, servers } from "../harness/fork-server.ts";
import { inPlace, type Place } from "../harness/project.ts";
import { requirePython } from "../harness/python.ts";
import { until } from "../harness/until.ts";

// What fork servers run does and says the same with imports waiting as without, and as where Python starts anew. The programs are those
// that the rules of the plugin are tried on; here their modules are installed ones, so that servers load them ahead.

// Forks of a started Python are for Linux.
if (process.platform !== "linux") {
  console.log("skipped: fork servers are for Linux");
  process.exit(0);
}

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly deny?: readonly string[];
  readonly python?: number;
  readonly until?: number;
  readonly differs?: string;
}

const RULES = path.join(REPOSITORY, "plugins", "lazy", "rules.cases.toml");
const { case: cases } = parse(fs.readFileSync(RULES, "utf8")) as unknown as { readonly case: readonly Case[] };
const python = requirePython();
const [, minor] = python.version;

const served = (body: (place: Place) => Promise<void>): (() => Promise<void>) =>
  inPlace(
    async (place) => {
      try {
        await place.run(["venv", "--python", python.path, ".venv"]);
        await body(place);
      } finally {
        await place.run(["zygote", "stop"]);
      }
    },
    { env: FORKED },
  );

/** A program in the folder, all of its modules in the environment. */
function install(place: Place, { files, deny = [] }: Pick<Case, "files" | "deny">): void {
  const packages = path.join(".venv", "lib", `python3.${minor}`, "site-packages");
  for (const [name, text] of Object.entries(files))
    place.write({ [name === "main.py" ? name : path.join(packages, name)]: text });
  place.write({ "lazy.toml": lazyConfiguration(["*"], deny) });
}

const inside = (place: Place) => ({ VIRTUAL_ENV: path.join(place.cwd, ".venv") });

async function said(place: Place, words: readonly string[], env: Readonly<Record<string, string>>) {
  const { stdout, stderr, exitCode } = await place.run(["run", ...words], { env: { ...env, ...inside(place) } });
  return { stdout, stderr, exitCode };
}

/** Until a server has nothing more to learn of the program. Each run on the way has to be right. */
async function compare(place: Place, words: readonly string[], lazily: Readonly<Record<string, string>>) {
  const plain = await said(place, words, { PYBUN_ZYGOTE: "off" });
  let before = -1;
  await until(async () => {
    assert.equal(await said(place, words, lazily), plain);
    const [server] = await servers(place);
    const hasLearned = server !== undefined && server.served > 1 && server.modules === before;
    before = server?.modules ?? -1;
    return hasLearned;
  }, "a server that has learned");
  assert.equal(await said(place, words, lazily), plain);
  const { stderr } = await place.run(["run", "--explain", ...words], { env: { ...lazily, ...inside(place) } });
  assert.match(stderr, /^lazy imports +used/m);
  assert.match(stderr, /^fork server +used/m);
}

const LAZY = { PYBUN_CONFIG_FILE: "lazy.toml" };

for (const one of cases) {
  if (minor < (one.python ?? 0) || minor > (one.until ?? 14) || one.differs !== undefined) continue;
  test(
    one.name,
    served(async (place) => {
      install(place, one);
      await compare(place, ["main.py"], LAZY);
    }),
  );
}

test(
  "what is to be told of, or refused, starts anew each time",
  served(async (place) => {
    install(place, {
      files: { "main.py": "import m\nm.f()\n", "m.py": "import json\ndef f(): print(json.dumps(1))\n" },
    });
    for (const setting of ["log-imports = true", "fallback = false"]) {
      fs.appendFileSync(path.join(place.cwd, "lazy.toml"), `${setting}\n`);
      for (const _ of [1, 2, 3]) {
        const { stderr } = await place.run(["run", "--explain", "main.py"], { env: { ...LAZY, ...inside(place) } });
        assert.match(stderr, /^fork server +not used: what takes part in this run starts with Python$/m);
      }
    }
  }),
);

test.run();
