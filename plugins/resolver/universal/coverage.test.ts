import { suite } from "uvu";
import * as assert from "uvu/assert";
import { formatMarkerSet, NEVER } from "../../../plugin-api/python/marker-algebra.ts";
import { pythonsFor } from "./coverage.ts";

const test = suite("the Pythons that wheels are for");

const CASES: readonly (readonly [tags: string, marker: string | undefined])[] = [
  ["py3-none-any", 'python_version >= "3"'],
  ["py2.py3-none-win32", 'python_version >= "2"'],
  ["cp312-cp312-win_amd64", 'python_version == "3.12" and platform_python_implementation == "CPython"'],
  ["cp313-cp313t-win_amd64", 'python_version == "3.13" and platform_python_implementation == "CPython"'],
  ["cp310-abi3-win_amd64", 'python_version >= "3.10" and platform_python_implementation == "CPython"'],
  ["pp310-pypy310_pp73-win_amd64", 'python_version == "3.10" and platform_python_implementation == "PyPy"'],
  // No interpreter has such an ABI, so none can install them.
  ["py3-any-macosx_10_0_ppc64", undefined],
  ["py3-abi3-win_amd64", undefined],
  ["cp312-pypy310_pp73-win_amd64", undefined],
  ["jy27-none-any", undefined],
  ["foo-none-any", undefined],
];

for (const [tags, marker] of CASES) {
  test(tags, () => {
    const pythons = pythonsFor(tags);
    if (marker === undefined) assert.is(pythons, NEVER);
    else assert.is(formatMarkerSet(pythons), marker);
  });
}

test.run();
