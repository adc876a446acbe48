import { ComponentType, ExternalReferenceType, HashAlgorithm } from "@cyclonedx/cyclonedx-library/Enums";
import { Bom, Component, ExternalReference, HashDictionary, Property } from "@cyclonedx/cyclonedx-library/Models";
import { JSON as Json, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import type { LockedPackage } from "../../plugin-api/model/lock.ts";
import type { Contents, Exported } from "./contents.ts";
import { pathOfUrl } from "./places.ts";

/** The project that the bill is of. */
export interface BillSubject {
  readonly name: string;
  readonly version?: string;
}

/**
 * A bill of materials (CycloneDX 1.6, JSON): what of the lock may be installed, from where, and what requires what. Equal
 * locks give equal bytes: there is neither a time nor a serial number in it.
 */
export function cyclonedxText(contents: Contents, subject: BillSubject | undefined): string {
  const bom = new Bom();
  const components = new Map(contents.packages.map((each) => [each.index, componentOf(each)]));
  for (const component of components.values()) bom.components.add(component);
  for (const { index, locked } of contents.packages)
    for (const { to } of locked.dependencies) {
      const target = components.get(to);
      if (target && to !== index) components.get(index)!.dependencies.add(target.bomRef);
    }
  if (subject) {
    const { name, version } = subject;
    const component = new Component(ComponentType.Application, name, {
      bomRef: `project:${name}`,
      ...(version !== undefined && { version }),
    });
    for (const { to } of contents.roots) {
      const target = components.get(to);
      if (target) component.dependencies.add(target.bomRef);
    }
    bom.metadata.component = component;
  }
  const serializer = new JsonSerializer(new Json.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ locked, marker, index }: Exported): Component {
  const { name, version, source } = locked;
  const isRelease = source.kind === "index";
  const component = new Component(ComponentType.Library, name, {
    // Two entries of one release differ by their markers, so its name would not be enough.
    bomRef: `${name}==${version}#${index}`,
    version,
    ...(isRelease && { purl: `pkg:pypi/${name}@${encodeURIComponent(version)}` }),
  });
  if (marker !== "") component.properties.add(new Property("pybun:marker", marker));
  for (const reference of referencesOf(locked)) component.externalReferences.add(reference);
  return component;
}

function referencesOf({ source, files }: LockedPackage): readonly ExternalReference[] {
  if (source.kind === "git")
    return [new ExternalReference(`git+${source.url}@${source.commit}`, ExternalReferenceType.VCS)];
  return files.flatMap(({ url, filename, sha256 }) => {
    if (pathOfUrl(url) !== undefined) return [];
    const hashes = new HashDictionary(sha256 === undefined ? [] : [[HashAlgorithm["SHA-256"], sha256]]);
    return [new ExternalReference(url, ExternalReferenceType.Distribution, { hashes, comment: filename })];
  });
}
