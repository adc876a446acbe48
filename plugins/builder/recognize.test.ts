import fs from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createMachine } from "../../test/harness/fake-machine.ts";
import { installCommand } from "./install-hint.ts";
import { recognizeLack } from "./recognize.ts";

const LOGS: readonly (readonly [log: string, needs: string, apt: string | undefined])[] = [
  [
    "b.c:2:10: fatal error: libpq-fe.h: No such file or directory\n    2 | #include <libpq-fe.h>",
    "header `libpq-fe.h` to build",
    "libpq-dev",
  ],
  ["x.c:1:10: fatal error: 'openssl/opensslv.h' file not found", "header `openssl/opensslv.h` to build", "libssl-dev"],
  ["x.c:1:10: fatal error: nobody_knows.h: No such file or directory", "header `nobody_knows.h` to build", undefined],
  [
    "x.c:3:10: fatal error: Python.h: No such file or directory",
    "Python's headers (`Python.h`) to build",
    "python3-dev",
  ],
  [
    "x.c(2): fatal error C1083: Cannot open include file: 'zlib.h': No such file or directory",
    "header `zlib.h` to build",
    "zlib1g-dev",
  ],
  ["/usr/bin/ld: cannot find -lxml2: No such file or directory", "library `xml2` to build", "libxml2-dev"],
  ["ld: library not found for -lomp", "library `omp` to build", "libomp-dev"],
  ["ld: library 'ssl' not found", "library `ssl` to build", "libssl-dev"],
  ["error: command 'gcc' failed: No such file or directory", "a C compiler, `gcc` was not found", "build-essential"],
  [
    "error: command '/usr/bin/x86_64-linux-gnu-gcc' failed: No such file or directory",
    "a C compiler, `x86_64-linux-gnu-gcc` was not found",
    "build-essential",
  ],
  ["unable to execute 'g++': No such file or directory", "a C compiler, `g++` was not found", "build-essential"],
  [
    "FileNotFoundError: [Errno 2] No such file or directory: 'cc'",
    "a C compiler, `cc` was not found",
    "build-essential",
  ],
  [
    "../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc']]",
    "a C compiler, `cc` was not found",
    "build-essential",
  ],
  ["error: can't find Rust compiler", "`cargo` to build, which was not found", "cargo"],
  [
    "Cargo, the Rust package manager, is not installed or is not on PATH.",
    "`cargo` to build, which was not found",
    "cargo",
  ],
  ["FileNotFoundError: [Errno 2] No such file or directory: 'cmake'", "`cmake` to build, which was not found", "cmake"],
  ["Error: pg_config executable not found.", "`pg_config` to build, which was not found", "libpq-dev"],
  ["Package libffi was not found in the pkg-config search path.", "library `ffi` to build", "libffi-dev"],
];
for (const [log, needs, apt] of LOGS)
  test(log.slice(0, 70), () => {
    const lack = recognizeLack(`running build_ext\n${log}\nerror: command failed with exit code 1\n`);
    assert.is(lack?.needs, needs);
    assert.is(lack?.packages?.apt, apt);
    assert.is(lack?.lines[0], log.split("\n")[0]);
  });

test("the first sign counts, and the compiler's excerpt is quoted with it", () => {
  const log =
    "a.c:1:10: fatal error: ffi.h: No such file or directory\n    1 | #include <ffi.h>\n      | ^~~~\n/usr/bin/ld: cannot find -lz\n";
  assert.equal(recognizeLack(log)?.lines, [
    "a.c:1:10: fatal error: ffi.h: No such file or directory",
    "    1 | #include <ffi.h>",
  ]);
});

const ORDINARY = [
  "error: command '/usr/bin/gcc' failed with exit code 1",
  "SyntaxError: invalid syntax",
  "FileNotFoundError: [Errno 2] No such file or directory: 'README.md'",
  "warning: no files found matching 'LICENSE.h'",
];
for (const log of ORDINARY)
  test(`nothing is missing: ${log}`, () => {
    assert.is(recognizeLack(log), undefined);
  });

test("the command is the one of this system's package tool", () => {
  const machine = createMachine();
  try {
    const packages = { apt: "libpq-dev", dnf: "libpq-devel", brew: "libpq" };
    const on = (platform: string, isRoot = false) =>
      installCommand(packages, { platform, isRoot, env: { PATH: machine.at("path") } });
    assert.is(on("linux"), undefined);
    fs.writeFileSync(machine.at("path/dnf"), "");
    assert.is(on("linux"), "sudo dnf install libpq-devel");
    assert.is(on("linux", true), "dnf install libpq-devel");
    fs.writeFileSync(machine.at("path/brew"), "");
    assert.is(on("darwin"), "brew install libpq");
    assert.is(
      installCommand({ brew: "x" }, { platform: "linux", isRoot: true, env: { PATH: machine.at("path") } }),
      undefined,
    );
  } finally {
    machine.remove();
  }
});

test.run();
