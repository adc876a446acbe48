import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Option } from "./option.ts";
import { type Form, formFault } from "./option-form.ts";

const KINDS: Readonly<Partial<Record<Form, Option["kind"]>>> = {
  count: "number",
  countOrNone: "number",
  time: "number",
};
const LISTS: readonly Form[] = ["address", "requirement", "package", "marker"];

/** Values that each form takes, and values that it does not. */
const VALUES: Readonly<Record<Form, readonly [good: readonly unknown[], bad: readonly unknown[]]>> = {
  age: [
    ["90d", "12h", "2w"],
    ["9x", "", "soon"],
  ],
  size: [
    ["20G", "512M", "1000"],
    ["3Q", "", "much"],
  ],
  cutOff: [
    ["2024-01-01", "2024-01-01T10:00:00Z", "7 days"],
    ["soon", ""],
  ],
  releaseAge: [["7 days"], ["2024-01-01", "soon"]],
  python: [
    ["3.12", ">=3.11,<3.14", "pypy3.10", "/usr/bin/python3", "python3.12"],
    ["not a python", "", ">=x"],
  ],
  address: [
    ["https://host/simple", "file:///srv/links", "./links", "/srv/index.json", "corp=https://host/"],
    ["nonsense", "https://", "corp=nonsense"],
  ],
  requirement: [
    ["rich", "rich>=14; python_version > '3'"],
    ["a b c", "==", ""],
  ],
  package: [
    ["rich", "numpy*", ":all:"],
    ["a b", "", "==1"],
  ],
  marker: [["sys_platform == 'linux'"], ["os_name ===", "linux"]],
  count: [
    [1, 50],
    [0, -1, 1.5],
  ],
  countOrNone: [
    [0, 3],
    [-1, 0.5],
  ],
  time: [
    [0.5, 30],
    [0, -3],
  ],
  tables: [
    [[], [{ name: "a" }]],
    [[3], {}, ["a"]],
  ],
  namedTables: [
    [{}, { dev: { optimize: 1 } }],
    [{ dev: 3 }, [{}]],
  ],
  cutOffs: [[{ a: false, b: "7 days" }], [{ a: "soon" }, { a: true }, []]],
  indexes: [
    [[], [{ name: "corp", url: "https://host/simple/" }]],
    [[{ name: "corp" }], [{ name: 1, url: "https://host/" }], {}, [{ name: "corp", url: "host" }]],
  ],
  sources: [
    [{ flask: { git: "https://host/flask" } }, { flask: [{ index: "corp", marker: "os_name == 'nt'" }] }],
    [{ flask: "nonsense" }, { flask: { git: 3 } }, { flask: {} }, { flask: [] }],
  ],
  conflicts: [[[[{ extra: "cpu" }, { extra: "cuda" }]]], [[3], [["cpu"]], {}]],
  tasks: [[{ lint: "ruff check", test: { cmd: "pytest" } }], [{ lint: 5 }, [{ cmd: "pytest" }]]],
  specifiers: [[{ numpy: ">=2", rich: "*" }], [{ numpy: "two" }, { numpy: 2 }, []]],
};

for (const [name, [good, bad]] of Object.entries(VALUES) as [Form, (typeof VALUES)[Form]][])
  test(`${name}: what it takes, and what it does not`, async () => {
    const isList = LISTS.includes(name);
    const option = { kind: isList ? "list" : (KINDS[name] ?? "text"), form: name, help: "" } as Option;
    const fault = (value: unknown) => formFault(isList ? [good[0], value] : value, option);
    for (const value of good) assert.is(await fault(value), undefined, JSON.stringify(value));
    for (const value of bad) assert.type(await fault(value), "string", JSON.stringify(value));
  });

test.run();
