import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import * as assert from "uvu/assert";
import { PybunError } from "../../plugin-api/error.ts";
import type { Event } from "../../plugin-api/event.ts";
import { normalizeName } from "../../plugin-api/python/package-name.ts";
import { Provision, type ProvisionOrder } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import type { BuildInput } from "../../plugin-api/stages.ts";
import { createMachine, type FakeMachine } from "./fake-machine.ts";
import { requirePython } from "./python.ts";
import { writeTarGz } from "./tar-writer.ts";
import { makeWheel } from "./wheel.ts";
import { writeZip } from "./zip-writer.ts";

/** A machine on which sources are built; environments for that are made without packages. */
export interface BuildMachine extends FakeMachine {
  /** What was asked of the `Provision` service. */
  readonly orders: ProvisionOrder[];
  /** Writes a source tree with this backend and gives what has to be built. */
  tree(
    backend: string,
    more?: { requires?: readonly string[]; name?: string; files?: Record<string, string | Buffer> },
  ): BuildInput;
  /** A session in which sources can be built; `provision` runs first and may refuse. */
  open(more?: {
    provision?: (order: ProvisionOrder) => Promise<void>;
    env?: Record<string, string>;
    signal?: AbortSignal;
  }): Session;
}
const python = requirePython().path;
export const interpreter = {
  path: python,
  basePath: python,
  version: "3.0",
  isVirtual: false,
  identity: python,
} as BuildInput["interpreter"];
/** A pyproject.toml whose backend lies in the tree. */
export const pyproject = (requires: readonly string[]): string =>
  `[build-system]\nrequires = ${JSON.stringify(requires)}\nbuild-backend = "backend:api"\nbackend-path = ["_own"]\n`;

/** A backend with these hooks; `note(x)` writes down that something happened. */
const backendOf = (hooks: string): string => `
import os, pathlib, shutil, sys
HERE = pathlib.Path(__file__).parent
def note(text):
    with open(os.environ["NOTES"], "a") as file:
        file.write(text + "\\n")
class api:
${hooks.replace(/^/gm, "    ")}
`;
/** The hook `build_wheel` of a backend that hands out the wheel beside it. */
export const COPY = `
@staticmethod
def build_wheel(folder, config_settings=None, metadata_directory=None):
    note("build_wheel")
    print("copying")
    [wheel] = HERE.glob("*.whl")
    shutil.copy(wheel, folder)
    return wheel.name
`;

/** Makes a machine; call `remove` at the end. */
export function createBuildMachine(): BuildMachine {
  const machine = createMachine();
  const { at, write } = machine;
  const orders: ProvisionOrder[] = [];
  const provision = async (order: ProvisionOrder): Promise<unknown> => {
    orders.push(order);
    const { root } = order.destination;
    execFileSync(python, ["-m", "venv", "--without-pip", root]);
    return { environment: { root, python: path.join(root, "bin", "python") } };
  };
  return {
    ...machine,
    orders,
    tree: (backend, { requires = [], name = "brokenext", files = {} } = {}) => {
      const wheel = makeWheel({ name: "brokenext", version: "1.0", requires: ["idna>=3"] });
      write({ [`${name}/pyproject.toml`]: pyproject(requires), [`${name}/_own/backend.py`]: backendOf(backend) });
      for (const [file, data] of Object.entries({ [`_own/${wheel.filename}`]: wheel.bytes, ...files }))
        fs.writeFileSync(at(`${name}/${file}`), data);
      return { name: normalizeName(name), version: "1.0", path: at(name), interpreter, want: "wheel" };
    },
    open: ({ provision: before, env = {}, signal } = {}) => {
      const service = {
        provision: async (order: ProvisionOrder) => {
          await before?.(order);
          return provision(order);
        },
      };
      const everything = { PATH: process.env["PATH"] as string, NOTES: at("notes"), ...env };
      const settings = { buildIsolation: true, configSettings: [] };
      const session = machine.session({ env: everything, services: { [Provision.name]: service }, settings });
      return signal ? { ...session, signal } : session;
    },
  };
}

/** The same sources as an archive. */
export function archived(machine: BuildMachine, input: BuildInput, ending: "tar.gz" | "zip" = "tar.gz"): BuildInput {
  const files = fs.readdirSync(input.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const members = files.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const mode = (ending === "zip" ? 0o100000 : 0) | (file.endsWith(".sh") ? 0o755 : 0o644);
    return { path: `brokenext-1.0/${path.relative(input.path, file)}`, data: fs.readFileSync(file), mode };
  });
  const archive = machine.at(`brokenext-1.0.${ending}`);
  fs.writeFileSync(archive, ending === "zip" ? writeZip(members) : writeTarGz(members));
  return { ...input, path: archive };
}

/** What backends wrote down, in order. */
export const notes = ({ at }: BuildMachine): string[] =>
  fs.existsSync(at("notes")) ? fs.readFileSync(at("notes"), "utf8").split("\n").slice(0, -1) : [];
/** Events of building. */
export const builds = ({ events }: BuildMachine): Event[] =>
  events.filter(({ type }) => type.startsWith("Build") || type === "CacheHit");
/** Scratch folders of builds that have ended. */
export const leftovers = ({ at }: BuildMachine): string[] => fs.readdirSync(at("data/build/tmp"));

/** The error a build ends with. */
export async function failure(promise: Promise<unknown>): Promise<PybunError> {
  try {
    await promise;
  } catch (error) {
    assert.instance(error, PybunError);
    return error as PybunError;
  }
  throw new Error("the build succeeded");
}
