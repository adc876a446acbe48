import { options } from "../../plugin-api/option.ts";

const ofProject = { argv: false, decidesPackages: true } as const;

/** Read from the project's own file by `plugin-api/project`, of each member its own; here they are declared. */
export const settings = options({
  sources: {
    ...ofProject,
    kind: "table",
    key: "sources",
    form: "sources",
    help: "where packages come from when not from the indexes",
  },
  workspaceMembers: {
    ...ofProject,
    kind: "list",
    key: "workspace.members",
    help: "folders of the workspace's projects, as globs",
  },
  workspaceExclude: {
    ...ofProject,
    kind: "list",
    key: "workspace.exclude",
    help: "folders that `members` leads to and that are left out",
  },
  workspaceShared: {
    ...ofProject,
    kind: "table",
    key: "workspace.shared-dependencies",
    form: "specifiers",
    help: "versions that hold for every member that requires a package",
  },
  ownLock: {
    ...ofProject,
    kind: "flag",
    key: "own-lock",
    help: "a member of a workspace that has a lock and an environment of its own",
  },
  excludeDependencies: {
    ...ofProject,
    kind: "list",
    key: "exclude-dependencies",
    form: "package",
    help: "packages that count as required by nobody",
  },
  dependencyMetadata: {
    ...ofProject,
    kind: "table",
    key: "dependency-metadata",
    form: "tables",
    help: "metadata to believe instead of what releases state: tables with name, version, requires-dist, requires-python",
  },
  conflicts: {
    ...ofProject,
    kind: "table",
    key: "conflicts",
    form: "conflicts",
    help: "extras and groups that are never installed together",
  },
  environments: {
    ...ofProject,
    kind: "list",
    key: "environments",
    form: "marker",
    help: "markers that narrow what the lock holds for",
  },
  requiredEnvironments: {
    ...ofProject,
    kind: "list",
    key: "required-environments",
    form: "marker",
    help: "markers of environments that every package must have a file for",
  },
  forkStrategy: {
    ...ofProject,
    kind: "text",
    choices: ["requires-python", "fewest"],
    default: "requires-python",
    key: "fork-strategy",
    help: "the newest release for each Python of the project, or as few releases as will do",
  },
  defaultGroups: {
    ...ofProject,
    kind: "list",
    key: "default-groups",
    help: "dependency groups that are installed when none is asked for",
  },
  package: { ...ofProject, kind: "flag", key: "package", help: "whether the project itself is built and installed" },
});
