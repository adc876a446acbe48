import { bestFile } from "../../plugin-api/lock/choose-file.ts";
import { lowestPython } from "../../plugin-api/lock/version-fields.ts";
import type { Interpreter, TagPlatform } from "../../plugin-api/model/interpreter.ts";
import type { Lock } from "../../plugin-api/model/lock.ts";
import {
  type PlatformName,
  platformMarker,
  readPlatformName,
  usualTags,
} from "../../plugin-api/python/platform-name.ts";
import { platformTags } from "../../plugin-api/python/platform-tags.ts";
import { tagScorer } from "../../plugin-api/python/tags.ts";
import { usageError } from "../../plugin-api/usage.ts";

/** What `--platform` names: `linux`, `macos-arm64`, `x86_64-linux`. Throws `E_USAGE`. */
export function readPlatform(text: string): PlatformName {
  const name = readPlatformName(text);
  if (name) return name;
  throw usageError(
    "lock",
    `\`--platform\` takes linux, macos or windows, or an architecture of it such as linux-aarch64, not \`${text}\``,
  );
}

/** The project's environments as far as they are on the platform; one marker for each, the platform's where it has none. */
export function environmentsOn(platform: PlatformName, environments: readonly string[]): readonly string[] {
  const own = platformMarker(platform);
  return environments.length === 0 ? [own] : environments.map((marker) => `(${marker}) and ${own}`);
}

/**
 * A lock for one architecture says which it is, and of each package which file is to be taken there (SPEC IDX-10, DPL-01). That of
 * a system is still one for several platforms.
 */
export function forPlatform(lock: Lock, platform: PlatformName, interpreter: Interpreter | undefined): Lock {
  const tags = tagsOf(lock, platform, interpreter);
  if (tags === undefined) return lock;
  const score = tagScorer(tags);
  const packages = lock.packages.map((each) => {
    const chosen = bestFile(each, score)?.filename;
    return chosen === undefined ? each : { ...each, chosen };
  });
  return { ...lock, packages, platform: platformTags(tags)[0] as string };
}

/** This machine, where it is one of that platform; else what is usual there. */
function tagsOf(lock: Lock, { system, machine }: PlatformName, interpreter: Interpreter | undefined) {
  if (machine === undefined) return undefined;
  const { markers, tags } = interpreter ?? {};
  const here = markers && readPlatformName(`${markers.platform_system}-${markers.platform_machine}`);
  if (here?.system === system && here.machine === machine) return tags;
  const [major, minor] = lowestPython(lock.requiresPython);
  const python: TagPlatform["python"] = tags?.python ?? (major === 0 ? [3, 9] : [major, minor]);
  return usualTags(system, machine, python);
}
