import type { RunOf } from "../../plugin-api/command.ts";
import { asPip } from "./as-pip.ts";
import { type Distribution, editableLocation, infoFile, metadataText } from "./distributions.ts";
import { metadataJson } from "./metadata-json.ts";
import type { inspect as spec } from "./more-commands.ts";
import { PIP_LEVEL } from "./pip-level.ts";
import { readPlace } from "./read-place.ts";

/** SPEC PIP-01: pip's inspection report (version 1). */
const inspect: RunOf<typeof spec> = async (options, _operands, session) => {
  const { environment, distributions } = await readPlace({ ...options, exclude: [] }, session);
  const installed = distributions.map(factsOf);
  const report = {
    version: "1",
    pip_version: PIP_LEVEL,
    installed,
    environment: environment?.interpreter.markers ?? {},
  };
  return { exitCode: 0, data: { installed }, text: () => JSON.stringify(report, undefined, 2) };
};
export default asPip(inspect);

function factsOf(distribution: Distribution) {
  const { infoPath } = distribution;
  const direct = infoFile(distribution, "direct_url.json");
  const location = editableLocation(distribution);
  const installer = infoFile(distribution, "INSTALLER")?.trim() ?? "";
  return {
    metadata: metadataJson(metadataText(infoPath) ?? ""),
    metadata_location: infoPath,
    ...(direct === undefined ? {} : { direct_url: JSON.parse(direct) as unknown }),
    ...(location === undefined ? {} : { editable_project_location: location }),
    ...(installer === "" ? {} : { installer }),
    requested: infoFile(distribution, "REQUESTED") !== undefined,
  };
}
