import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import { createMachine, type FakeMachine } from "../../test/harness/fake-machine.ts";
import { pythons, requirePython } from "../../test/harness/python.ts";
import { readBuildDetails } from "./build-details.ts";
import { readElf } from "./elf.ts";
import interpretersOf from "./interpreters.ts";

const test = suite<{ machine: FakeMachine; probe: (path: string) => Promise<Interpreter> }>("probe");
test.before.each((context) => {
  context.machine = createMachine();
  context.probe = async (path) => (await interpretersOf(context.machine.session())).probe(path, "explicit");
});
test.after.each(({ machine }) => machine.remove());

const ask = (python: string, code: string): unknown =>
  JSON.parse(
    execFileSync(python, ["-I", "-c", `import json, os, sys, sysconfig, platform\nprint(json.dumps(${code}))`], {
      encoding: "utf8",
    }),
  );

for (const { path, version } of pythons())
  test(`Python ${version.join(".")} is described as it describes itself`, async ({ machine, probe }) => {
    const interpreter = await probe(path);
    assert.is(interpreter.version, version.join("."));
    assert.equal(
      [interpreter.path, interpreter.basePath, interpreter.prefix, interpreter.stdlib, interpreter.cacheTag],
      [
        path,
        path,
        ...(ask(path, "[sys.prefix, sysconfig.get_path('stdlib'), sys.implementation.cache_tag]") as string[]),
      ],
    );
    const { markers } = interpreter;
    assert.equal(
      [
        markers.python_full_version,
        markers.sys_platform,
        markers.os_name,
        markers.platform_machine,
        markers.platform_version,
      ],
      ask(path, "[platform.python_version(), sys.platform, os.name, platform.machine(), platform.version()]"),
    );
    execFileSync(path, ["-m", "venv", "--without-pip", machine.at("venv")]);
    const inside = await probe(machine.at("venv"));
    const paths = "[sysconfig.get_path(n) for n in ('purelib', 'platlib', 'scripts')]";
    const { purelib, platlib, scripts } = inside.scheme;
    assert.equal(
      [purelib, platlib, scripts].map((part) => machine.at(`venv/${part}`)),
      ask(inside.path, paths),
    );
    assert.equal([inside.isVirtual, inside.basePath, inside.prefix], [true, path, machine.at("venv")]);
  });

const VERSION_INFO = { major: 3, minor: 14, micro: 2, releaselevel: "final", serial: 0 };

/** An installation of a Python 3.14 that has the file of PEP 739; its executable is a real one of another version. */
function installWithDetails(machine: FakeMachine, details: object): string {
  const arch = process.arch === "x64" ? "x86_64" : "aarch64";
  const whole = {
    schema_version: "1.0",
    base_prefix: machine.at("opt"),
    platform: `linux-${arch}`,
    language: { version: "3.14", version_info: VERSION_INFO },
    implementation: { name: "cpython", version: VERSION_INFO, cache_tag: "cpython-314" },
    abi: { flags: [] },
    ...details,
  };
  machine.write({ "opt/lib/python3.14/build-details.json": JSON.stringify(whole), "opt/bin/pad": "" });
  fs.copyFileSync(requirePython().path, machine.at("opt/bin/python3.14"));
  return machine.at("opt/bin/python3.14");
}

const isReadable = process.platform === "linux" && readElf(requirePython().path)?.loader?.includes("ld-linux");

test("build-details.json takes the place of the probe", async ({ machine, probe }) => {
  if (!isReadable) return;
  const file = installWithDetails(machine, {});
  const [described, real] = [await probe(file), await probe(requirePython().path)];
  assert.is(described.version, "3.14.2");
  assert.equal(described.tags, { ...real.tags, python: [3, 14] });
  assert.equal(described.markers, {
    ...real.markers,
    implementation_version: "3.14.2",
    python_full_version: "3.14.2",
    python_version: "3.14",
  });
  assert.is(described.stdlib, machine.at("opt/lib/python3.14"));
  assert.is(described.scheme.purelib, "lib/python3.14/site-packages");
  assert.equal(Object.keys(described).sort(), Object.keys(real).sort());
});

const declined: Readonly<Record<string, object>> = {
  "a moved installation": { base_prefix: "/install" },
  "another machine": { platform: "linux-riscv64" },
  "another implementation": { implementation: { name: "pypy", version: VERSION_INFO, cache_tag: "pypy310" } },
  "an unknown schema": { schema_version: "2.0" },
  "a damaged file": { language: null },
};
for (const [name, details] of Object.entries(declined))
  test(`build-details.json of ${name} is not believed`, ({ machine }) => {
    assert.is(readBuildDetails(installWithDetails(machine, details)), undefined);
  });

test("build-details.json tells free threads, prereleases and prefixes relative to itself", ({ machine }) => {
  if (!isReadable) return;
  const version_info = { ...VERSION_INFO, releaselevel: "candidate", serial: 2 };
  const language = { version: "3.14", version_info };
  const facts = readBuildDetails(
    installWithDetails(machine, { base_prefix: "../..", language, abi: { flags: ["t"] } }),
  );
  assert.is(facts?.version, "3.14.2rc2");
  assert.is(facts?.tags.isFreeThreaded, true);
});

test.run();
