import { versionKey } from "../../plugin-api/python/version-key.ts";
import { compareVersionsSimd } from "../../plugins/resolver/compare-versions.ts";
import {
  type CompareVersions,
  compareVersionsScalar,
  packList,
  packVersion,
} from "../../plugins/resolver/packed-version.ts";

// `bun test/bench/compare-versions.ts`: what it takes to find out which of so many versions a bound admits, in nanoseconds: one
// after the other, eight at a time, and by searching the sorted keys that a page has anyway. Packing is needed once a list.

const simd = compareVersionsSimd();
const row = (cells: readonly (string | number)[]): string => cells.map((cell) => String(cell).padStart(10)).join("");
console.log(row(["versions", "scalar", "simd", "search", "packing"]));
for (const count of [8, 16, 32, 64, 100, 300, 1000, 3000]) {
  const texts = Array.from({ length: count }, (_, i) => `${i >> 6}.${(i >> 2) & 15}.${i & 3}`);
  const [bound, keys] = [texts[count >> 1]!, texts.map((text) => versionKey(text)!)];
  const list = packList(texts.map((text) => packVersion(text)!));
  const [packed, key] = [packVersion(bound)!, versionKey(bound)!];
  const compare = (by: CompareVersions | undefined) => (by ? nanoseconds(() => by(list, packed)) : "none");
  const search = nanoseconds(() => firstAtLeast(keys, key));
  const packing = nanoseconds(() => packList(texts.map((text) => packVersion(text)!)));
  console.log(row([count, compare(compareVersionsScalar), compare(simd), search, packing]));
}

function firstAtLeast(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The least of several rounds: whatever disturbs only adds. */
function nanoseconds(work: () => unknown): number {
  const rounds = Array.from({ length: 20 }, () => {
    const startedAtMs = performance.now();
    for (let i = 0; i < 200; i++) work();
    return ((performance.now() - startedAtMs) * 1e6) / 200;
  });
  return Math.round(Math.min(...rounds));
}
