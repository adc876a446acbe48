import { command } from "../../plugin-api/command.ts";
import { Locks } from "../../plugin-api/lock/current.ts";
import { definePlugin, provide } from "../../plugin-api/plugin.ts";
import { isMemberUrl } from "../../plugin-api/project/member-url.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import * as commands from "./commands.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** A member of the workspace, or perhaps a release of which the user states the metadata. */
const isOurs = ({ source }: MetadataQuery, { dependencyMetadata }: Readonly<Record<string, unknown>>): boolean =>
  source.kind === "member" || dependencyMetadata !== undefined;

export default definePlugin({
  name: "lock",
  version: "0.1.0",
  apiVersion: 1,
  summary: "Locks projects, workspaces and scripts, and reads what they require",
  maturity: "preview",
  settings,
  services: [provide(serviceKey("lock"), () => import("./state.ts")), provide(Locks, () => import("./current.ts"))],
  commands: { lock: command(commands.lock, () => import("./lock.ts")) },
  stages: {
    "fetch.versions": {
      perform: {
        order: "pre",
        when: ({ requirement }) => requirement?.url !== undefined && isMemberUrl(requirement.url),
        load: () => import("./member-versions.ts"),
      },
    },
    "fetch.metadata": { perform: { order: "pre", when: isOurs, load: () => import("./metadata.ts") } },
  },
  codes,
  permissions: ["network", "write"],
  docs: "locking",
});
