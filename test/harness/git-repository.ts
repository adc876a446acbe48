import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Release } from "./release.ts";
import { makeWheel } from "./wheel.ts";

/** A git repository on this machine, to install from and to write to. */
export interface GitRepository {
  readonly folder: string;
  /** `git+file:///…` */
  readonly url: string;
  /** Writes files and commits them; gives the commit's whole name. */
  commit(files: Readonly<Record<string, string | Uint8Array>>): string;
  /** Runs git in it; gives what it prints. Throws when git fails. */
  git(...args: readonly string[]): string;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.org",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.org",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** Makes an empty repository whose branch is `main`. */
export function makeRepository(folder: string): GitRepository {
  fs.mkdirSync(folder, { recursive: true });
  const git = (...args: readonly string[]): string => {
    const options = ["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"];
    const { status, stdout, stderr } = spawnSync("git", [...options, ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: folder, ...IDENTITY },
    });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    return stdout.trim();
  };
  git("init", "--quiet", ".");
  return {
    folder,
    url: `git+${pathToFileURL(folder).href}`,
    git,
    commit: (files) => {
      for (const [name, content] of Object.entries(files)) {
        fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        fs.writeFileSync(path.join(folder, name), content);
      }
      git("add", "--all");
      git("commit", "--quiet", "--message", "change");
      return git("rev-parse", "HEAD");
    },
  };
}

/** Files of a project that builds into this release without any other package. `below`: its folder, ended by a slash. */
export function projectFiles(release: Release, below = ""): Record<string, string | Uint8Array> {
  const wheel = makeWheel(release);
  const backend = release.backend ?? copying(wheel.filename);
  const { name, version, requires = [], extras = {} } = release;
  const optional = Object.entries(extras).map(([extra, list]) => `${extra} = ${JSON.stringify(list)}\n`);
  const more = optional.length === 0 ? "" : `[project.optional-dependencies]\n${optional.join("")}`;
  const table = `[project]\nname = ${JSON.stringify(name)}\nversion = ${JSON.stringify(version)}\ndependencies = ${JSON.stringify(requires)}\n${more}`;
  const isDynamic = release.dynamic !== undefined;
  return {
    [`${below}pyproject.toml`]: `${isDynamic ? "" : table}[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["backend"]\n`,
    [`${below}backend/backend.py`]: backend,
    [`${below}backend/${wheel.filename}`]: wheel.bytes,
  };
}

/** Wheels of earlier commits may lie beside it. */
const copying = (filename: string): string => `import pathlib, shutil

def build_wheel(folder, config_settings=None, metadata_directory=None):
    shutil.copy(pathlib.Path(__file__).parent / "${filename}", folder)
    return "${filename}"
`;
