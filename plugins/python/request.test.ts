import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Interpreter } from "../../plugin-api/model/interpreter.ts";
import {
  matches,
  mayMatch,
  parseRequest,
  pinText,
  type VersionWish,
} from "../../plugin-api/python/interpreter-request.ts";
import { hintOfFile, hintOfInstallation } from "./candidates.ts";

const place = { cwd: "/project", home: "/home/someone", exists: (file: string) => file === "/project/env" };
const parse = (text: string) => parseRequest(text, place);

const interpreter = (
  version: string,
  more: { implementation?: string; isFreeThreaded?: boolean } = {},
): Interpreter => {
  const implementation = more.implementation ?? "cpython";
  const python = version.split(".").map(Number);
  return {
    version,
    implementation,
    tags: { implementation, python, isFreeThreaded: more.isFreeThreaded ?? false },
  } as never;
};

const WISHES: readonly (readonly [request: string, yes: readonly string[], no: readonly string[]])[] = [
  ["3.12", ["3.12.0", "3.12.13"], ["3.11.9", "3.13.0", "3.1.2"]],
  ["3.1", ["3.1.4"], ["3.10.1", "3.11.0"]],
  ["3.12.1", ["3.12.1"], ["3.12.10", "3.12.0"]],
  ["3", ["3.9.1", "3.14.0"], ["2.7.18", "3.15.0a1"]],
  [">=3.10,<3.13", ["3.10.0", "3.12.9"], ["3.9.18", "3.13.0"]],
  ["~=3.11", ["3.11.0", "3.13.2"], ["3.10.1"]],
  ["cpython@3.12", ["3.12.4"], ["3.11.1"]],
  ["cpython@>=3.12", ["3.12.4"], ["3.11.1"]],
  ["cpython-3.12", ["3.12.4"], ["3.11.1"]],
  ["python3.11", ["3.11.4"], ["3.12.0"]],
  ["python3", ["3.9.0"], ["2.7.18"]],
  ["python", ["3.9.0", "3.13.1"], ["3.14.0rc1"]],
  ["312", ["3.12.3"], ["3.11.0"]],
  ["3.14", ["3.14.0"], ["3.14.0rc2", "3.14.0a1"]],
  ["3.14.0rc2", ["3.14.0rc2"], ["3.14.0", "3.14.0rc1"]],
  [">=3.14.0a1", ["3.14.0rc2", "3.14.0"], ["3.13.1"]],
];
for (const [request, yes, no] of WISHES)
  test(`${request} asks for ${yes.join(", ")} and not for ${no.join(", ")}`, () => {
    const wish = parse(request) as VersionWish;
    assert.is(wish.kind, "version");
    for (const version of yes) assert.ok(matches(wish, interpreter(version)), version);
    for (const version of no) assert.not.ok(matches(wish, interpreter(version)), version);
  });

test("other implementations and free threads are matched only when named", () => {
  const pypy = interpreter("3.10.14", { implementation: "pypy" });
  const free = interpreter("3.13.1", { isFreeThreaded: true });
  for (const request of ["pypy", "pypy3", "pypy3.10", "pypy@3.10", "pypy3.10-7.3.17"]) {
    assert.ok(matches(parse(request) as VersionWish, pypy), request);
    assert.not.ok(matches(parse(request) as VersionWish, interpreter("3.10.14")), request);
  }
  for (const request of ["3.13t", "3.13.1t", "3.13+freethreaded", "cpython3.13t"]) {
    assert.ok(matches(parse(request) as VersionWish, free), request);
    assert.not.ok(matches(parse(request) as VersionWish, interpreter("3.13.1")), request);
  }
  for (const request of ["3.10", ">=3", "python"]) assert.not.ok(matches(parse(request) as VersionWish, pypy), request);
  for (const request of ["3.13", ">=3"]) assert.not.ok(matches(parse(request) as VersionWish, free), request);
});

const PATHS: readonly (readonly [request: string, path: string])[] = [
  ["/usr/bin/python3", "/usr/bin/python3"],
  ["./bin/python", "/project/bin/python"],
  ["../other", "/other"],
  [".", "/project"],
  ["~/envs/a", "/home/someone/envs/a"],
  ["env", "/project/env"],
  ["3.12/bin/python", "/project/3.12/bin/python"],
];
for (const [request, path] of PATHS)
  test(`${request} is a path`, () => {
    assert.equal(parse(request), { kind: "path", text: request, path });
  });

test("anything else is the name of a command", () => {
  for (const request of ["my-python", "t", "graal", "3.x", "3.12.1.2"])
    assert.is(parse(request).kind, "command", request);
});

test("a specifier that is none is refused", () => {
  for (const request of [">=3.10,<", "<>3", ">=three", ""])
    assert.throws(
      () => parse(request),
      (error: Error) => error.name === "InvalidSyntax",
    );
});

test("a pin says the same in words pyenv knows", () => {
  const pins = {
    "cpython@3.12": "3.12",
    "python3.11": "3.11",
    312: "3.12",
    "3.12.1": "3.12.1",
    "3.13t": "3.13t",
    "pypy3.10": "pypy3.10",
    python: "",
  };
  for (const [request, text] of Object.entries(pins)) assert.is(pinText(parse(request) as VersionWish), text, request);
  assert.is(pinText(parse(">=3.10,<3.13") as VersionWish), "<3.13,>=3.10");
});

const HINTS: readonly (readonly [name: string, wish: string, may: boolean])[] = [
  ["3.12.1", "3.12", true],
  ["3.12.1", "3.12.2", false],
  ["3.12.1", "<3.12", false],
  ["3.14-dev", "3.14", true],
  ["3.13.0t", "3.13", false],
  ["3.13.0t", "3.13t", true],
  ["pypy3.10-7.3.17", "3.10", false],
  ["pypy3.10-7.3.17", "pypy", true],
  ["cpython-3.12.1-x86_64-linux-gnu", "3.12.1", true],
  ["cpython-3.13.0+freethreaded-linux-x86_64-gnu", "3.13t", true],
];
for (const [name, wish, may] of HINTS)
  test(`a folder named ${name} ${may ? "may hold" : "can't hold"} ${wish}`, () => {
    const hint = hintOfInstallation(name);
    assert.ok(hint);
    assert.is(mayMatch(parse(wish) as VersionWish, hint), may);
  });

test("names of executables tell the minor version, other names tell nothing", () => {
  assert.equal(hintOfFile("/a/python3.13t"), { implementation: "cpython", minor: [3, 13], isFreeThreaded: true });
  assert.equal(hintOfFile("/a/pypy3.10"), { implementation: "pypy", minor: [3, 10], isFreeThreaded: false });
  assert.is(hintOfFile("/a/python3"), undefined);
  assert.is(hintOfInstallation("miniconda3-24.1.2-0"), undefined);
  const below = hintOfFile("/a/python3.9");
  assert.ok(below && !mayMatch(parse(">=3.10") as VersionWish, below));
});

test.run();
