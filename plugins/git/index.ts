import { API_VERSION, definePlugin, provide } from "../../plugin-api/plugin.ts";
import { isGitUrl } from "../../plugin-api/python/git-url.ts";
import { serviceKey } from "../../plugin-api/service.ts";
import { codes } from "./errors.ts";
import { settings } from "./settings.ts";

/** Requirements from git repositories, by the git that is installed. */
export default definePlugin({
  name: "git",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "Takes requirements from git repositories: branches, tags and commits",
  maturity: "preview",
  settings,
  services: [provide(serviceKey("git"), () => import("./state.ts"))],
  stages: {
    lock: { prepare: { order: "pre", load: () => import("./locking.ts") } },
    "fetch.versions": {
      perform: {
        order: "pre",
        when: ({ requirement }) => requirement?.url !== undefined && isGitUrl(requirement.url),
        load: () => import("./versions.ts"),
      },
    },
    "fetch.metadata": {
      perform: { order: "pre", when: ({ source }) => source.kind === "git", load: () => import("./metadata.ts") },
    },
    "fetch.artifact": {
      perform: { order: "pre", when: ({ pin }) => pin.source.kind === "git", load: () => import("./artifact.ts") },
    },
    "git.clone": { perform: { load: () => import("./clone.ts") } },
  },
  codes,
  permissions: ["network", "run", "write"],
  docs: "direct-references",
});
