import type { RunOf } from "../../plugin-api/command.ts";
import { DPP_VERSION } from "../../plugin-api/dpp/layout.ts";
import { type DppView, openDpp } from "../../plugin-api/dpp/open.ts";
import { formatRequirement } from "../../plugin-api/python/requirement.ts";
import type { TextStyle } from "../../plugin-api/report.ts";
import { withoutControls } from "../../plugin-api/text/style.ts";
import { counted, formatSize } from "../../plugin-api/text/units.ts";
import type * as commands from "./commands.ts";
import { readSource } from "./places.ts";

const inspect: RunOf<typeof commands.inspect> = async (_options, [operand = ""], session) => {
  const source = readSource(operand, session.cwd);
  const facts = factsOf(openDpp(source.bytes, source.shown));
  return { exitCode: 0, data: { path: source.shown, ...facts }, text: (ui) => render(facts, ui) };
};
export default inspect;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

function factsOf(view: DppView) {
  const { metadata, dependencies, native, bytecode, files } = view.parts();
  const pathOf = (index: number): string => files[index]!.path;
  return {
    format_version: DPP_VERSION,
    flags: flagsOf(view),
    bytes: view.sizeBytes,
    content_id: view.contentId,
    store_id: view.storeId(),
    name: metadata.name,
    version: metadata.version,
    requires_python: metadata.requiresPython,
    wheel: { filename: metadata.wheelFilename, bytes: metadata.wheelBytes, sha256: hex(metadata.wheelSha256) },
    unpacked_bytes: metadata.sizeBytes,
    requires: [...dependencies.requirements.map(formatRequirement), ...dependencies.unreadable],
    extras: dependencies.extras,
    native: native.map(({ file, platform, needed }) => ({ path: pathOf(file), platform, needed })),
    bytecode: bytecode.map(({ file, cacheTag, invalidation, content }) => {
      return { path: pathOf(file), cache_tag: cacheTag, invalidation, bytes: content.length };
    }),
    files: files.map(({ path, mode, scheme, codec, sizeBytes, stored, blake3 }) => {
      return { path, mode, scheme, codec, bytes: sizeBytes, stored_bytes: stored.length, blake3: hex(blake3) };
    }),
  };
}

function flagsOf(view: DppView): string[] {
  const isPacked = view.files().some(({ codec }) => codec !== "stored");
  const flags: readonly (readonly [string, boolean])[] = [
    ["detached", view.isDetached],
    ["bytecode", view.bytecode().length > 0],
    ["native", view.native().length > 0],
    ["pure", view.isPure],
    ["compressed", isPacked],
  ];
  return flags.filter(([, isSet]) => isSet).map(([name]) => name);
}

function render(facts: ReturnType<typeof factsOf>, ui: TextStyle): string {
  const { wheel, files } = facts;
  const rows: readonly (readonly [label: string, value: string])[] = [
    ["Format", [`DPP ${facts.format_version}`, ...facts.flags].join(", ")],
    ["Content id", facts.content_id],
    ["Store id", facts.store_id],
    ["Wheel", `${wheel.filename} (${formatSize(wheel.bytes)})`],
    ["SHA-256", wheel.sha256],
    ["Python", facts.requires_python || "any"],
    ["Extras", facts.extras.join(", ")],
    ...facts.requires.map((text, i) => [i === 0 ? "Requires" : "", text] as const),
    ...facts.native.map(({ path, platform, needed }, i) => {
      const libraries = needed.length === 0 ? "" : ` needs ${needed.join(", ")}`;
      return [i === 0 ? "Native" : "", `${path} (${platform})${libraries}`] as const;
    }),
    ["Files", `${counted(files.length, "file")}, ${formatSize(facts.unpacked_bytes)} in ${formatSize(facts.bytes)}`],
  ];
  const table = rows
    .filter(([, value]) => value !== "")
    .map(([label, value]) => `${ui.dim(label.padEnd(11))} ${withoutControls(value)}`);
  const list = files.map(({ path, bytes }) => `${formatSize(bytes).padStart(10)}  ${path}`);
  return [`${ui.name(withoutControls(facts.name))} ${withoutControls(facts.version)}`, ...table, "", ...list].join(
    "\n",
  );
}
