import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import type { MetadataQuery } from "../../plugin-api/stages.ts";
import { codes } from "./errors.ts";

/** A direct reference, or a file on this machine whoever lists it. */
const isOurs = ({ source, file }: Pick<MetadataQuery, "source" | "file">): boolean =>
  source.kind !== "index" || file.url.startsWith("file:");

/** Requirements by URL or path, and archives on this machine. */
export default definePlugin({
  name: "direct",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Takes requirements by URL or path: wheels, source archives and source trees",
  maturity: "preview",
  services: [provide(serviceKey("direct"), () => import("./state.ts"))],
  stages: {
    // The last one asked: whoever knows a scheme of its own has taken it by then.
    "fetch.versions": {
      perform: {
        order: "post",
        when: ({ requirement }) => requirement?.url !== undefined,
        load: () => import("./versions.ts"),
      },
    },
    "fetch.metadata": { perform: { when: isOurs, load: () => import("./metadata.ts") } },
    lock: { settle: { load: () => import("./save.ts") } },
    resolve: { settle: { load: () => import("./save.ts") } },
    "fetch.artifact": { perform: { when: ({ pin }) => isOurs(pin), load: () => import("./artifact.ts") } },
  },
  codes,
  permissions: ["network", "run", "write"],
  docs: "direct-references",
});
