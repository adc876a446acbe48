import { command } from "../../plugin-api/command.ts";
import { API_VERSION, definePlugin } from "../../plugin-api/plugin.ts";
import * as commands from "./commands.ts";
import * as configCommands from "./config-commands.ts";
import { codes } from "./errors.ts";
import * as lockCommands from "./lock-commands.ts";
import * as moreCommands from "./more-commands.ts";

export default definePlugin({
  name: "pip",
  version: "0.1.0",
  apiVersion: API_VERSION,
  summary: "pip's commands, for people and scripts that are used to them",
  maturity: "preview",
  commands: {
    "pip install": command(commands.install, () => import("./install.ts")),
    "pip uninstall": command(commands.uninstall, () => import("./uninstall.ts")),
    "pip list": command(commands.list, () => import("./list.ts")),
    "pip freeze": command(commands.freeze, () => import("./freeze.ts")),
    "pip show": command(commands.show, () => import("./show.ts")),
    "pip check": command(commands.check, () => import("./check.ts")),
    "pip compile": command(lockCommands.compile, () => import("./compile.ts")),
    "pip sync": command(lockCommands.sync, () => import("./sync.ts")),
    "pip tree": command(moreCommands.tree, () => import("./tree.ts")),
    "pip download": command(moreCommands.download, () => import("./download.ts")),
    "pip wheel": command(moreCommands.wheel, () => import("./wheel.ts")),
    "pip hash": command(moreCommands.hash, () => import("./hash.ts")),
    "pip index versions": command(moreCommands.versions, () => import("./versions.ts")),
    "pip inspect": command(moreCommands.inspect, () => import("./inspect.ts")),
    "pip cache dir": command(moreCommands.cacheDir, () => import("./cache-dir.ts")),
    "pip cache info": command(moreCommands.cacheInfo, () => import("./cache-info.ts")),
    "pip cache list": command(moreCommands.cacheList, () => import("./cache-list.ts")),
    "pip cache remove": command(moreCommands.cacheRemove, () => import("./cache-remove.ts")),
    "pip cache purge": command(moreCommands.cachePurge, () => import("./cache-purge.ts")),
    "pip config list": command(configCommands.configList, () => import("./config-list.ts")),
    "pip config get": command(configCommands.configGet, () => import("./config-get.ts")),
    "pip config set": command(configCommands.configSet, () => import("./config-set.ts")),
    "pip config unset": command(configCommands.configUnset, () => import("./config-unset.ts")),
  },
  stages: {
    "fetch.metadata": {
      // Of thousands of releases none is installed.
      perform: { when: ({ source }) => source.kind === "installed", load: () => import("./metadata.ts") },
    },
  },
  codes,
  permissions: ["network", "run", "write"],
  docs: "pip",
});
