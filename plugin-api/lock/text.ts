import type { DistributionFile } from "../model/distribution.ts";
import type { Lock, LockedEdge, LockedPackage, LockedRoot } from "../model/lock.ts";
import { formatTomlKey, formatTomlValue, type TomlValue } from "../toml-value.ts";
import { canonicalLock } from "./canonical.ts";
import { sourceJson } from "./json.ts";
import { FORMAT_VERSION } from "./layout.ts";
import { type LockPlace, portableRequirement, portableUrl } from "./place.ts";

/**
 * The lock in words (SPEC LOCK-05): TOML with a block for every package and a line for every fact, in one order, so that a
 * difference of two locks shows what changed and nothing else. Ends with a line break. Paths are relative to the lock.
 */
export function formatLock(given: Lock, place: LockPlace): string {
  const lock = canonicalLock(given);
  const meta = Object.entries(lock.meta).flatMap(([key, value]) => metaLines(key, value));
  const blocks = [
    head(lock),
    ...(meta.length === 0 ? [] : [["[meta]", ...meta]]),
    ...lock.roots.map((root) => rootBlock(root, lock, place)),
    ...lock.packages.map((each) => packageBlock(each, lock, place)),
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

const fact = (key: string, value: TomlValue): string => `${formatTomlKey(key)} = ${formatTomlValue(value)}`;

/** A line for each item. */
const list = (key: string, items: readonly TomlValue[]): string[] =>
  items.length === 0 ? [] : [`${formatTomlKey(key)} = [`, ...items.map((item) => `  ${formatTomlValue(item)},`), "]"];

/** A value of several lines as a list of them. */
const metaLines = (key: string, value: string): string[] =>
  value.includes("\n") ? list(key, value.split("\n")) : [fact(key, value)];

/** Without what says nothing. */
const optional = (key: string, value: TomlValue | undefined): string[] =>
  value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? [] : [fact(key, value)];

const head = (lock: Lock): string[] => [
  fact("format-version", FORMAT_VERSION),
  fact("requires-python", lock.requiresPython),
  ...optional("platform", lock.platform),
  ...list("forks", lock.forks),
];

function rootBlock({ owner, requirement, to, marker }: LockedRoot, lock: Lock, place: LockPlace): string[] {
  return [
    "[[root]]",
    fact("requirement", portableRequirement(requirement, place)),
    fact("kind", owner.kind),
    ...optional("name", owner.name),
    ...optional("member", owner.member),
    ...optional("version", lock.packages[to]?.version),
    ...optional("marker", marker),
  ];
}

function packageBlock(each: LockedPackage, lock: Lock, place: LockPlace): string[] {
  const { integrity } = each;
  return [
    "[[package]]",
    fact("name", each.name),
    fact("version", each.version),
    fact("source", sourceJson(each.source, place) as Record<string, TomlValue>),
    ...optional("marker", each.marker),
    ...optional("requires-python", each.requiresPython),
    ...optional("extras", each.extras),
    ...(integrity && each.source.kind !== "git" ? [fact(integrity.kind, integrity.digest)] : []),
    ...list(
      "dependencies",
      each.dependencies.map((edge) => dependency(edge, lock)),
    ),
    ...list(
      "files",
      each.files.map((file) => fileFacts(file, each, place)),
    ),
  ];
}

type Facts = Readonly<Record<string, TomlValue>>;

function dependency({ to, marker, extras, specifier }: LockedEdge, { packages }: Lock): Facts {
  const target = packages[to];
  return {
    name: target?.name ?? "",
    version: target?.version ?? "",
    ...(specifier !== "" && { specifier }),
    ...(extras.length > 0 && { extras }),
    ...(marker !== "" && { marker }),
  };
}

function fileFacts(file: DistributionFile, { chosen }: LockedPackage, place: LockPlace): Facts {
  return {
    file: file.filename,
    ...(file.sizeBytes !== undefined && { size: file.sizeBytes }),
    sha256: file.sha256 ?? "",
    ...(file.uploadedAtMs !== undefined && { uploaded: new Date(file.uploadedAtMs) }),
    ...(file.isYanked && { yanked: true }),
    ...(file.filename === chosen && { chosen: true }),
    url: portableUrl(file.url, undefined, place),
  };
}
