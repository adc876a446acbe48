import * as fc from "fast-check";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, Source } from "../../plugin-api/model/distribution.ts";
import type {
  Lock,
  LockedEdge,
  LockedPackage,
  LockedRoot,
  RootOwner,
  SourceIntegrity,
} from "../../plugin-api/model/lock.ts";
import type { Extra, PackageName } from "../../plugin-api/model/requirement.ts";
import { parseMarker } from "../../plugin-api/python/marker.ts";
import { nearVersionText } from "./packaging-arbitraries.ts";

// Random locks. Few names and texts, so that names meet and texts are shared.

/** Where the locks lie. */
export const PLACE = { path: "/project/pybun.lockb" };

const hex = (digits: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`)).filter((text) => !/^(.)\1*$/.test(text));
const sha256 = hex(64) as fc.Arbitrary<Sha256>;
const name = fc.constantFrom(
  "a",
  "b",
  "c-d",
  "numpy",
  "zope-interface",
  "x1",
) as fc.Arbitrary<string> as fc.Arbitrary<PackageName>;
const extra = fc.constantFrom("all", "cpu", "dev", "s3") as fc.Arbitrary<string> as fc.Arbitrary<Extra>;
const extras = fc.uniqueArray(extra, { maxLength: 3 });
const marker = fc
  .constantFrom(
    "",
    "",
    "sys_platform == 'win32'",
    "python_version < '3.11'",
    "python_full_version >= '3.11' and platform_machine != 'arm64'",
    "extra == 'cpu' or 'gpu' in extras",
    "platform_release == 'größer'",
  )
  .map((text) => (text === "" ? "" : parseMarker(text).text));
const specifier = fc.constantFrom("", ">=1", ">=1,<2", "==1.0.*", "~=1.4");

const PLATFORMS = [
  "any",
  "manylinux_2_17_x86_64.manylinux2014_x86_64",
  "musllinux_1_2_aarch64",
  "macosx_11_0_arm64",
  "macosx_10_9_universal2",
  "win_amd64",
];
const wheelName = fc
  .tuple(
    fc.constantFrom("cp310-cp310", "cp312-abi3", "py3-none"),
    fc.constantFrom("", "-1", "-2b"),
    fc.constantFrom(...PLATFORMS),
  )
  .map(([pair, build, platform]) => `pkg-1.0${build}-${pair}-${platform}.whl`);
const sdistName = fc.constantFrom("pkg-1.0.tar.gz", "pkg-1.0.zip", "Große-1.0.tar.gz");
const address = fc.constantFrom(
  "https://files.example/packages/",
  "https://index.example/root/files/",
  "https://index.example/root/simple/pkg/",
  "http://127.0.0.1:8080/",
  "file:///project/wheels/",
  "file:///elsewhere/w%25h/",
);

const file: fc.Arbitrary<DistributionFile> = fc
  .record(
    {
      filename: fc.oneof(wheelName, wheelName, sdistName),
      address,
      sha256,
      sizeBytes: fc.nat(),
      isYanked: fc.boolean(),
      uploadedAtMs: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => 1000 * seconds),
      hasMetadataFile: fc.boolean(),
      metadataSha256: sha256,
    },
    { requiredKeys: ["filename", "address", "sha256", "isYanked", "hasMetadataFile"] },
  )
  .map(({ address: folder, ...rest }) => ({
    ...rest,
    kind: rest.filename.endsWith(".whl") ? "wheel" : "sdist",
    url: folder + encodeURIComponent(rest.filename),
  }));
const files = fc.uniqueArray(file, { minLength: 1, maxLength: 5, selector: ({ filename }) => filename });

const subdirectory = fc.option(fc.constantFrom("lib", "a b/ü&=%"), { nil: undefined });
const below = subdirectory.map((text) => (text === undefined ? {} : { subdirectory: text }));
const folder = fc.constantFrom("/project", "/project/member", "/project/größe 1", "/elsewhere/lib");

interface Content {
  readonly source: Source;
  readonly files: readonly DistributionFile[];
  readonly integrity?: SourceIntegrity;
}
const treeDigest = fc.option(hex(64), { nil: undefined });
const gitSource = fc.record(
  {
    commit: fc.oneof(hex(40), hex(64)),
    reference: fc.constantFrom("main", "v1.0", "feature/a:b&c"),
    subdirectory: fc.constantFrom("lib", "a b/ü&=%"),
    isLfs: fc.constant(true as const),
  },
  { requiredKeys: ["commit"] },
);
const content: fc.Arbitrary<Content> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      source: fc.constantFrom<Source>({ kind: "index", index: "public" }, { kind: "index", index: "corp" }),
      files,
    }),
  },
  fc
    .tuple(below, file)
    .map(
      ([more, one]) =>
        ({ source: { kind: "url", url: "https://files.example/x.zip", ...more }, files: [one] }) as const,
    ),
  fc
    .tuple(below, folder, file)
    .map(([more, at, one]) => ({ source: { kind: "path", path: at, ...more }, files: [one] }) as const),
  fc.tuple(below, folder, treeDigest).map(([more, at, digest]) => ({
    source: { kind: "path", path: at, ...more } as const,
    files: [],
    ...(digest !== undefined && { integrity: { kind: "tree" as const, digest } }),
  })),
  fc
    .tuple(below, folder)
    .map(([more, at]) => ({ source: { kind: "path", path: at, isEditable: true, ...more }, files: [] }) as const),
  fc
    .tuple(folder, fc.boolean())
    .map(([at, isVirtual]) => ({ source: { kind: "member", path: at, isVirtual }, files: [] }) as const),
  gitSource.map((git): Content => {
    const kind = git.commit.length === 40 ? "git-sha1" : "git-sha256";
    const source: Source = { kind: "git", url: "ssh://git@host.example/repo.git", ...git };
    return { source, files: [], integrity: { kind, digest: git.commit } };
  }),
);

const edge: fc.Arbitrary<LockedEdge> = fc.record({ to: fc.nat(), marker, extras, specifier });
const onePackage: fc.Arbitrary<LockedPackage> = fc
  .record({
    name,
    version: nearVersionText,
    content,
    marker,
    requiresPython: fc.constantFrom("", ">=3.9", ">=3.10,<4"),
    extras,
    dependencies: fc.array(edge, { maxLength: 4 }),
    isChosen: fc.boolean(),
  })
  .map(({ content: { source, files: own, integrity }, isChosen, ...rest }) => ({
    ...rest,
    source,
    files: own,
    ...(isChosen && own[0] && { chosen: own[0].filename }),
    ...(integrity && { integrity }),
  }));

const owner: fc.Arbitrary<RootOwner> = fc.record({
  kind: fc.constantFrom("project", "optional", "group", "script", "member"),
  name: fc.constantFrom("", "dev", "gpu"),
  member: fc.oneof(fc.constant("" as const), name),
});
const root: fc.Arbitrary<LockedRoot> = fc.record({
  owner,
  requirement: fc.constantFrom(
    "a>=1",
    "numpy[all] ; python_version < '3.11'",
    "b @ file:///project/member#subdirectory=x",
  ),
  to: fc.nat(),
  marker,
});
const meta = fc.dictionary(
  fc.constantFrom("generator", "exclude-newer", "inputs-blake3", "settings", "ключ", "__proto__"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  { noNullPrototype: true },
);
const otherSections = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom("note", "xtra", "zzz9"),
    recordCount: fc.nat(9),
    bytes: fc.uint8Array({ maxLength: 20 }).map((bytes) => Uint8Array.from(bytes)),
  }),
  { minLength: 1, maxLength: 2, selector: ({ id }) => id },
);

/** Any lock, in any order. */
export const anyLock: fc.Arbitrary<Lock> = fc
  .record(
    {
      requiresPython: fc.constantFrom("", ">=3.9", ">=3.10.2,<4"),
      forks: fc.constantFrom([], ['sys_platform == "win32"', 'sys_platform != "win32"']),
      packages: fc.array(onePackage, { maxLength: 12 }),
      roots: fc.array(root, { maxLength: 5 }),
      meta,
      platform: fc.constantFrom("manylinux_2_17_x86_64", "win_amd64"),
      otherSections,
    },
    { requiredKeys: ["requiresPython", "forks", "packages", "roots", "meta"] },
  )
  .map(withIndexes)
  .map((lock) => structuredClone(pointingInside(lock)));

function withIndexes(lock: Lock): Lock {
  return {
    ...lock,
    meta: {
      ...lock.meta,
      indexes: JSON.stringify({ corp: "https://index.example/root/simple/", public: "https://public.example/simple/" }),
    },
  };
}

/** Targets as indexes that exist. */
function pointingInside(lock: Lock): Lock {
  const count = lock.packages.length;
  if (count === 0) return { ...lock, roots: [] };
  const inside = <T extends { readonly to: number }>(each: T): T => ({ ...each, to: each.to % count });
  return {
    ...lock,
    packages: lock.packages.map((each) => ({ ...each, dependencies: each.dependencies.map(inside) })),
    roots: lock.roots.map(inside),
  };
}
