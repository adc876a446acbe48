import { createHash } from "node:crypto";
import type { TagPlatform } from "../../../plugin-api/model/interpreter.ts";
import { compatibleTags, tagScorer } from "../../../plugin-api/python/tags.ts";
import { parseWheelFilename } from "../../../plugin-api/python/wheel-filename.ts";
import type { Row } from "./row.ts";

interface Tags {
  readonly environments: readonly TagEnvironment[];
  readonly best: readonly BestRow[];
}
interface TagEnvironment {
  readonly id: string;
  readonly implementation: string;
  readonly python: readonly [number, number];
  readonly abis: readonly string[];
  readonly platform: PlatformRow;
  readonly count: number;
  readonly sha256: string;
  readonly first: readonly string[];
  readonly last: readonly string[];
}
interface PlatformRow {
  readonly kind: string;
  readonly arch?: string;
  readonly glibc?: readonly [number, number];
  readonly musl?: readonly [number, number];
  readonly version?: readonly [number, number];
  readonly multiarch?: string;
  readonly api?: number;
  readonly abi?: string;
  readonly platform?: string;
}
interface BestRow {
  readonly environment: string;
  readonly wheels: readonly string[];
  readonly ranks: readonly (number | null)[];
  readonly best: string | null;
}

type PlatformPart = Pick<TagPlatform, "os" | "arch" | "libc" | "osVersion">;

/** The part of a `TagPlatform` that describes the machine. */
function machineOf({
  kind,
  arch = "",
  glibc,
  musl,
  version,
  multiarch,
  api,
  abi,
  platform = "",
}: PlatformRow): PlatformPart {
  switch (kind) {
    case "manylinux":
      return { os: "linux", arch, libc: { kind: "glibc", version: glibc! } };
    case "musllinux":
      return { os: "linux", arch, libc: { kind: "musl", version: musl! } };
    case "macos":
      return { os: "macos", arch, osVersion: version! };
    case "ios":
      return { os: "ios", arch: multiarch!, osVersion: version! };
    case "android":
      return { os: "android", arch: abi!, osVersion: [api!, 0] };
    case "windows":
      return { os: "windows", arch: platform.replace(/^win_/, "") };
    default: {
      const emscripten = /^pyemscripten_(\d+)_(\d+)_(.*)$/.exec(platform);
      if (emscripten === null) {
        const cut = platform.lastIndexOf("_");
        return { os: platform.slice(0, cut), arch: platform.slice(cut + 1) };
      }
      return { os: "emscripten", arch: emscripten[3]!, osVersion: [Number(emscripten[1]), Number(emscripten[2])] };
    }
  }
}

function platformOf({ implementation, python, abis, platform }: TagEnvironment): TagPlatform {
  const [abi = ""] = abis;
  return {
    implementation,
    python,
    isFreeThreaded: /^cp\d+td?$/.test(abi),
    isDebug: /^cp\d+t?d$/.test(abi),
    abi,
    ...machineOf(platform),
  };
}

export function* checkTags({ environments, best }: Tags): Iterable<Row> {
  const platforms = new Map(environments.map((environment) => [environment.id, platformOf(environment)]));
  for (const { id, count, sha256, first, last } of environments) {
    const answer = (): unknown => {
      const tags = compatibleTags(platforms.get(id)!);
      const hash = createHash("sha256").update(tags.join("\n")).digest("hex");
      return { count: tags.length, sha256: hash, first: tags.slice(0, first.length), last: tags.slice(-last.length) };
    };
    yield { subject: id, expected: { count, sha256, first, last }, answer };
  }
  for (const { environment, wheels, ranks, best: winner } of best) {
    const answer = (): unknown => {
      const platform = platforms.get(environment)!;
      const score = tagScorer(platform);
      const scores = wheels.map((wheel) => score(parseWheelFilename(wheel).tags));
      const top = Math.max(...scores);
      const total = compatibleTags(platform).length;
      return {
        ranks: scores.map((one) => (one === 0 ? null : total - one)),
        best: top === 0 ? null : wheels[scores.indexOf(top)],
      };
    };
    yield { subject: `${environment}: ${wheels.join(" ")}`, expected: { ranks, best: winner }, answer };
  }
}
