import type { Diagnostic } from "../../plugin-api/diagnostic.ts";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import type { Sha256 } from "../../plugin-api/model/digest.ts";
import type { DistributionFile, DistributionMetadata, VersionPage } from "../../plugin-api/model/distribution.ts";
import type { Target } from "../../plugin-api/model/interpreter.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { encodeDependencies, openDependencies } from "../../plugin-api/page/dependency-table.ts";
import { encodeVersionPage } from "../../plugin-api/page/encode.ts";
import { openVersionPage } from "../../plugin-api/page/view.ts";
import { parseCoreMetadata } from "../../plugin-api/python/core-metadata.ts";
import type { ServiceKey } from "../../plugin-api/service.ts";
import { Host } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { MetadataQuery, StageName, Stages, VersionsQuery } from "../../plugin-api/stages.ts";
import { coreMetadata, escapedName, normalizedName, type Release } from "./release.ts";

/** A session whose `fetch.versions` and `fetch.metadata` are answered from data, without files or network. */
export interface FakeIndex {
  readonly session: Session;
  /** Names of the pages, and `name version` of the metadata, in the order they were asked for. */
  readonly pages: string[];
  readonly metadata: string[];
  /** Most questions that were open at the same moment. */
  readonly mostAtOnce: number;
  readonly events: Event[];
  diagnostics(): Diagnostic[];
}

export interface FakeIndexOptions {
  /** Releases by index, in order of precedence; a URL as the index's name makes it the source of a direct reference. */
  readonly indexes: Readonly<Record<string, readonly Release[]>>;
  /** Thrown instead of answering for the metadata of a release. */
  readonly failure?: (release: Release) => Error | undefined;
  /** What was typed behind the product's name. */
  readonly argv?: readonly string[];
  /** Waits before it answers: `fetch.versions` or `fetch.metadata`, and whose. */
  readonly delay?: (what: string) => Promise<void>;
  /** What is answered without waiting, told in the same way; nothing, as a rule. */
  readonly isAtHand?: (what: string) => boolean;
}

/** Published on this day unless the release says otherwise. */
const PUBLISHED_MS = Date.UTC(2024, 2, 24);

export function fakeIndex(options: FakeIndexOptions): FakeIndex {
  const shelves = Object.entries(options.indexes).map(([index, releases]) => shelve(index, releases));
  const pages: string[] = [];
  const metadata: string[] = [];
  const events: Event[] = [];
  let open = 0;
  let mostAtOnce = 0;
  const answers = answersFrom(shelves, { pages, metadata, failure: options.failure });
  const whatOf = (stage: StageName, input: unknown): string => `${stage} ${(input as VersionsQuery).name}`;
  const answerTo = <N extends StageName>(stage: N, input: Stages[N]["input"]): (() => Stages[N]["output"]) => {
    const ask = answers[stage as keyof typeof answers] as ((input: unknown) => () => Stages[N]["output"]) | undefined;
    if (!ask) throw new PybunError("E_NO_HANDLER", `nothing answers the stage \`${stage}\``);
    return ask(input);
  };
  const run = async <N extends StageName>(stage: N, input: Stages[N]["input"]): Promise<Stages[N]["output"]> => {
    mostAtOnce = Math.max(mostAtOnce, ++open);
    try {
      const answer = answerTo(stage, input);
      await options.delay?.(whatOf(stage, input));
      return answer();
    } finally {
      open--;
    }
  };
  const session: Session = {
    cwd: "/project",
    signal: new AbortController().signal,
    settings: {},
    run,
    atHand: (stage, input) => (options.isAtHand?.(whatOf(stage, input)) ? answerTo(stage, input)() : undefined),
    emit: (event) => void events.push(event),
    use: async <T>(key: ServiceKey<T>): Promise<T> => {
      if (key.name !== Host.name) throw new Error(`no service ${key.name}`);
      return { argv: options.argv ?? [], home: "/home" } as T;
    },
  };
  const diagnostics = () => events.flatMap((event) => (event.type === "Diagnostic" ? [event.diagnostic] : []));
  return {
    session,
    pages,
    metadata,
    events,
    diagnostics,
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
}

type Noting = Pick<FakeIndex, "pages" | "metadata"> & { readonly failure: FakeIndexOptions["failure"] };

/** By stage, what notes that it is asked and gives what answers it. */
const answersFrom = (shelves: readonly Shelf[], { pages, metadata, failure }: Noting) => ({
  "fetch.versions": (query: VersionsQuery) => {
    pages.push(query.name);
    const own = shelves.filter(({ url }) => url === query.requirement?.url);
    return () => own.flatMap((shelf) => shelf.page(query.name) ?? []);
  },
  "fetch.metadata": (query: MetadataQuery) => {
    metadata.push(`${query.name} ${query.version}`);
    const release = shelves.map((shelf) => shelf.files.get(query.file.url)).find((found) => found !== undefined)!;
    return () => {
      const error = failure?.(release);
      if (error) throw error;
      return metadataOf(release);
    };
  },
});

interface Shelf {
  readonly url: string | undefined;
  readonly files: ReadonlyMap<string, Release>;
  page(name: PackageName): VersionPage | undefined;
}

function shelve(index: string, releases: readonly Release[]): Shelf {
  const url = index.includes(":") ? index : undefined;
  const files = new Map<string, Release>();
  const byName = new Map<string, DistributionFile[]>();
  for (const release of releases) {
    const name = normalizedName(release.name);
    const list = byName.get(name) ?? [];
    for (const file of filesOf(index, release)) {
      files.set(file.url, release);
      list.push(file);
    }
    byName.set(name, list);
  }
  const page = (name: PackageName): VersionPage | undefined => {
    const list = byName.get(name);
    if (!list) return undefined;
    const bytes = encodeVersionPage({ name, index, status: "active", files: list });
    return openVersionPage(bytes, url === undefined ? undefined : { kind: "url", url });
  };
  return { url, files, page };
}

function filesOf(index: string, release: Release): DistributionFile[] {
  const stem = `${escapedName(release.name)}-${release.version}`;
  const build = release.build === undefined ? "" : `-${release.build}`;
  const names = (release.tags ?? ["py3-none-any"]).map((tags) => `${stem}${build}-${tags}.whl`);
  if (release.sdist) names.push(`${stem}.tar.gz`);
  const requiresPython = release["requires-python"];
  return names.map((filename, i) => ({
    filename,
    kind: filename.endsWith(".whl") ? "wheel" : "sdist",
    url: `https://files.example/${index}/${filename}`,
    sha256: i.toString(16).padStart(64, "0") as Sha256,
    isYanked: Boolean(release.yanked),
    ...(typeof release.yanked === "string" ? { yankedReason: release.yanked } : {}),
    hasMetadataFile: filename.endsWith(".whl"),
    uploadedAtMs: release.uploaded === undefined ? PUBLISHED_MS : Date.parse(release.uploaded),
    ...(requiresPython === undefined ? {} : { requiresPython }),
  }));
}

function metadataOf(release: Release): DistributionMetadata {
  const read = parseCoreMetadata(coreMetadata(release));
  return {
    name: read.name,
    version: read.version,
    requiresPython: read.requiresPython,
    dependencies: openDependencies(encodeDependencies(read.requiresDist, read.providesExtra)),
  };
}

/** CPython on Linux x86_64 with glibc 2.39, at a full version. */
export function linuxTarget(python: string): Target {
  const [major, minor] = python.split(".").map(Number) as [number, number];
  return {
    python,
    tags: {
      implementation: "cpython",
      python: [major, minor],
      isFreeThreaded: false,
      os: "linux",
      arch: "x86_64",
      libc: { kind: "glibc", version: [2, 39] },
    },
    markers: {
      implementation_name: "cpython",
      implementation_version: python,
      os_name: "posix",
      platform_machine: "x86_64",
      platform_python_implementation: "CPython",
      platform_release: "6.8.0",
      platform_system: "Linux",
      platform_version: "#1 SMP",
      python_full_version: python,
      python_version: `${major}.${minor}`,
      sys_platform: "linux",
    },
  };
}
