import * as fc from "fast-check";
import type { MarkerEnvironment } from "../../plugin-api/model/interpreter.ts";

// Random environment markers and the environments that interpreters have, for property tests.

const PLATFORMS = [
  ["linux", "Linux", "posix"],
  ["darwin", "Darwin", "posix"],
  ["win32", "Windows", "nt"],
  ["cygwin", "CYGWIN_NT-10.0", "posix"],
  ["freebsd14", "FreeBSD", "posix"],
  ["sunos5", "SunOS", "posix"],
  ["java17", "Java", "java"],
  ["ios", "iPadOS", "posix"],
] as const;
const IMPLEMENTATIONS = [
  ["CPython", "cpython"],
  ["PyPy", "pypy"],
  ["RustPython", "rustpython"],
] as const;
const FULL_VERSIONS = [
  "2.7.18",
  "3.8.1",
  "3.9.0",
  "3.9.1",
  "3.10.0a6",
  "3.10.0rc1",
  "3.10.0",
  "3.11.9",
  "3.13.0+",
  "4.0.0",
];
const RELEASES = ["20.0", "6.1.0-18-amd64", "10", "2019Server", ""];
const MACHINES = ["x86_64", "arm64", ""];

/** An environment as some interpreter has it: variables that follow from others do. */
export const environmentOf: fc.Arbitrary<MarkerEnvironment> = fc
  .record({
    platform: fc.constantFrom(...PLATFORMS),
    implementation: fc.constantFrom(...IMPLEMENTATIONS),
    implementation_version: fc.constantFrom("3.9.1", "7.3.19", "3.10.0"),
    platform_machine: fc.constantFrom(...MACHINES),
    platform_release: fc.constantFrom(...RELEASES),
    python_full_version: fc.constantFrom(...FULL_VERSIONS),
  })
  .map(({ platform, implementation, ...rest }) => ({
    ...rest,
    implementation_name: implementation[1],
    os_name: platform[2],
    platform_python_implementation: implementation[0],
    platform_system: platform[1],
    platform_version: "#1 SMP",
    python_version: rest.python_full_version.split(".").slice(0, 2).join("."),
    sys_platform: platform[0],
  }));

const quoted = (...texts: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...texts).map((text) => `'${text}'`);
const join = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((texts) => texts.join(" "));
const orders = fc.constantFrom("<", "<=", ">", ">=", "==", "!=");
const memberships = fc.constantFrom("in", "not in");
const texts = fc.constantFrom("os_name", "sys_platform", "platform_system", "platform_machine", "implementation_name");
const implementation = fc.constant("platform_python_implementation");
const versions = fc.constantFrom("python_version", "python_full_version", "implementation_version");
const words = quoted(
  "linux",
  "Linux",
  "win32",
  "darwin",
  "Windows",
  "nt",
  "posix",
  "PyPy",
  "pypy",
  "freebsd14",
  "SunOS",
  "",
);

const comparison = fc.oneof(
  join(
    versions,
    orders,
    quoted("3.9", "3.10", "3.9.1", "3.10.0rc1", "3", "3.10.0.0.1", "1!3.9", "3.9.post1", "3.9+x", "x"),
  ),
  join(versions, fc.constantFrom("==", "!="), quoted("3.9.*", "3.*", "3.9.1.*", "3.10.0.*")),
  join(versions, fc.constantFrom("~=", "==="), quoted("3.9", "3.9.1", "3.10.0rc1", "7.3.19")),
  join(quoted("3.9", "3.10", "3.10.0", "3.8.1", "3", "x", "3.10.0rc1"), fc.oneof(orders, fc.constant("~=")), versions),
  join(versions, memberships, quoted("3.8 3.10", "2.7,3.9.1", "7.3.19 3.10.0", "")),
  join(quoted("3.1", "rc", ".0"), memberships, versions),
  join(texts, fc.oneof(orders, memberships), words),
  join(words, fc.oneof(orders, memberships), texts),
  join(texts, fc.constantFrom("==", "!="), words),
  join(implementation, fc.constantFrom("==", "!=", "in"), words),
  join(quoted("win", "lin", "o", "Py"), memberships, fc.oneof(texts, implementation)),
  join(fc.constant("platform_release"), orders, quoted("20", "20.0.1", "6.1.0-18-amd64")),
  join(quoted("20", "el8"), fc.oneof(memberships, fc.constantFrom("<=", "==")), fc.constant("platform_release")),
);
const extra = fc.oneof(
  join(fc.constant("extra"), fc.oneof(orders, memberships), quoted("a", "B_c", "a b", "")),
  join(quoted("a", "b.C"), fc.oneof(orders, memberships), fc.constant("extra")),
);
const withoutMeaning = fc.constantFrom("sys_platform ~= 'x'", "'a' == 'a'", "python_version ~= '3'", "extra === 'a'");

const markerOf = (leaf: fc.Arbitrary<string>, maxDepth: number): fc.Arbitrary<string> =>
  fc.letrec<{ marker: string }>((tie) => ({
    marker: fc.oneof(
      { maxDepth, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      { weight: 3, arbitrary: join(tie("marker"), fc.constantFrom("and", "or"), tie("marker")) },
      { weight: 2, arbitrary: tie("marker").map((marker) => `(${marker})`) },
    ),
  })).marker;

/** A marker with comparisons of every kind, some of them about extras, a few without meaning. */
export const anyMarker = markerOf(
  fc.oneof(
    { weight: 40, arbitrary: comparison },
    { weight: 10, arbitrary: extra },
    { weight: 1, arbitrary: withoutMeaning },
  ),
  4,
);

/** A marker of comparisons that packages write, each of which has an opposite. */
export const plainMarker = markerOf(
  fc.oneof(
    join(
      fc.constantFrom("python_version", "python_full_version"),
      orders,
      quoted("3.9", "3.10", "3.10.0rc1", "3.11.1", "4"),
    ),
    join(fc.constant("python_version"), fc.constantFrom("==", "!="), quoted("3.9.*", "3.11.*", "3.12.*")),
    join(
      fc.constantFrom("os_name", "sys_platform", "platform_system"),
      fc.constantFrom("==", "!="),
      quoted("linux", "win32", "Darwin", "nt", "posix", "FreeBSD"),
    ),
    join(quoted("linux", "win"), memberships, fc.constant("sys_platform")),
    join(
      fc.constantFrom("implementation_name", "platform_python_implementation"),
      fc.constant("=="),
      quoted("pypy", "CPython"),
    ),
    join(fc.constant("extra"), fc.constantFrom("==", "!="), quoted("a", "b")),
  ),
  4,
);
