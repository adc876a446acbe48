import fs from "node:fs";
import path from "node:path";
import { packFakePython } from "./fake-python-tar.ts";
import { type FolderServer, serveFolder } from "./folder-server.ts";
import { inPlace, type Place } from "./project.ts";
import { requirePython } from "./python.ts";
import { type PythonMirror, type PythonTar, packInterpreter, writePythonMirror } from "./python-mirror.ts";

const REAL = requirePython();
export const REAL_VERSION = REAL.version.join(".");
let realTar: PythonTar | undefined;
/** Made once: packing a standard library takes a second. */
export const real = (): PythonTar => (realTar ??= packInterpreter(REAL));

export interface Mirrored {
  readonly place: Place;
  readonly mirror: PythonMirror;
  readonly server: FolderServer;
  readonly env: Readonly<Record<string, string>>;
  readonly pythons: string;
}

/** A place and a mirror of these archives behind a web server. */
export const mirrored = (archives: () => readonly PythonTar[], body: (scene: Mirrored) => Promise<void>) =>
  inPlace(async (place) => {
    const mirror = writePythonMirror(path.join(place.root, "mirror"), archives());
    const server = await serveFolder(mirror.folder);
    const env = { PYBUN_PYTHON_MIRROR: server.url, PYBUN_PYTHON_MIRROR_KEY: mirror.publicKey };
    try {
      await body({ place, mirror, server, env, pythons: path.join(place.data, "pythons") });
    } finally {
      await server.stop();
    }
  });

export const FAKE = "3.12.90";
export const fake = (): readonly PythonTar[] => [packFakePython({ version: FAKE })];

/** What anybody can see of what is installed. */
export const installed = (pythons: string): readonly string[] =>
  fs.existsSync(pythons) ? fs.readdirSync(pythons) : [];
