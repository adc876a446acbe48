import fs from "node:fs";
import path from "node:path";
import type { DistributionMetadata } from "../../plugin-api/model/distribution.ts";
import type { PackageName } from "../../plugin-api/model/requirement.ts";
import { Pack } from "../../plugin-api/pack/pack.ts";
import { encodeDependencies, openDependencies } from "../../plugin-api/page/dependency-table.ts";
import { metadataOfWheel } from "./read-wheel.ts";

/** What wheels of folders say of themselves, kept while the files are what they were: opening one takes half a millisecond. */
export interface KeptMetadata extends Disposable {
  /** Throws what opening a wheel throws. */
  ofWheel(file: string): DistributionMetadata;
  /** Saves what was read, where something was. */
  save(signal: AbortSignal): Promise<void>;
}

/** To be raised when records get another form. */
const FORMAT = "1";

export function keepMetadata(dataDir: string): KeptMetadata {
  const pack = new Pack(path.join(dataDir, "index", "wheels"));
  let hasNew = false;
  return {
    ofWheel(file) {
      const note = stateOf(file);
      const known = pack.find(file);
      if (known?.note === note) return decodeOnce(file, known.value);
      const { name, version, requiresPython, requiresDist, providesExtra } = metadataOfWheel(file);
      const value = encode([name, version, requiresPython, encodeDependencies(requiresDist, providesExtra)]);
      const nowS = Math.floor(Date.now() / 1000);
      pack.put({ key: file, note, value, checkedAtS: nowS, freshUntilS: nowS });
      hasNew = true;
      return decode(value);
    },
    async save(signal) {
      if (hasNew) await pack.flush(signal);
      hasNew = false;
    },
    [Symbol.dispose]: () => {
      if (hasNew) pack.spill();
    },
  };
}

const MOST_OPENED = 2000;
const opened = new Map<string, { readonly value: Uint8Array; readonly metadata: DistributionMetadata }>();

/** As it was before, while it is the same: what others have worked out of it goes with the object. */
function decodeOnce(file: string, value: Uint8Array): DistributionMetadata {
  const known = opened.get(file);
  if (known && Buffer.compare(known.value, value) === 0) return known.metadata;
  const metadata = decode(value);
  if (opened.size >= MOST_OPENED) opened.clear();
  opened.set(file, { value, metadata });
  return metadata;
}

/** Whatever is written into a file or put in its place changes one of these. */
function stateOf(file: string): string {
  const { size, mtimeMs, ctimeMs, ino } = fs.statSync(file);
  return [FORMAT, size, mtimeMs, ctimeMs, ino].join(" ");
}

const encode = (fields: readonly string[]): Uint8Array =>
  Buffer.from(fields.map((field, at) => (at === fields.length - 1 ? field : field.replaceAll("\n", " "))).join("\n"));

function decode(value: Uint8Array): DistributionMetadata {
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  const [name = "", version = "", requiresPython = ""] = text.split("\n", 3);
  const dependencies = openDependencies(text.slice(name.length + version.length + requiresPython.length + 3));
  return {
    name: name as PackageName,
    version,
    requiresPython,
    dependencies,
  };
}
