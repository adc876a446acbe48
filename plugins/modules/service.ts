import fs from "node:fs";
import path from "node:path";
import type { Modules } from "../../plugin-api/modules.ts";
import { Environments, Host, Interpreters } from "../../plugin-api/services.ts";
import type { Session } from "../../plugin-api/session.ts";
import { editableTails } from "./editable.ts";
import { importFacts } from "./facts.ts";
import { placesOf } from "./find.ts";
import { openFolders } from "./folders.ts";
import { type SearchPath, searchPathOf } from "./search-path.ts";
import { openArchives } from "./zip-place.ts";

/** Code that runs at Python's start, of packages that many have, and lets imports be as they are. */
const HARMLESS = /^(?:distutils-precedence|_virtualenv|a1_coverage|coverage|pytest-cov|google_cloud_.*debug)\.pth$/;

/** The `Modules` service. */
export default async function modules(session: Session): Promise<Modules> {
  const host = await session.use(Host);
  const environments = await session.use(Environments);
  return {
    async topLevel({ path: root, python }, first) {
      const isVirtual = fs.existsSync(path.join(root, "pyvenv.cfg"));
      const interpreter = isVirtual
        ? (await environments.read(root)).interpreter
        : await (await session.use(Interpreters)).probe(python, "explicit");
      const facts = await importFacts(interpreter, host);
      const { cwd } = session;
      const around = isVirtual ? { root } : {};
      const searchPath = searchPathOf({ ...around, facts, interpreter, first, cwd, home: host.home, env: host.env });
      if (!isFollowed(searchPath)) return undefined;
      const { extension, source, bytecode } = facts.suffixes;
      const ordered = [...extension, ...source, ...bytecode];
      const endings = new Set(ordered.map((suffix) => suffix.slice(suffix.lastIndexOf("."))));
      const places = placesOf(searchPath.entries, {
        folders: openFolders((name) => endings.has(name.slice(name.lastIndexOf(".")))),
        archives: openArchives(facts.derivesZipFolders),
        suffixes: facts.suffixes,
        ordered,
      });
      const frozen = Object.keys(facts.frozen).map((name) => name.split(".", 1)[0] as string);
      const inFolders = places.flatMap((place) => [...place.tails()]);
      return new Set([...facts.builtin, ...frozen, ...inFolders, ...editableTails("", searchPath.editables)]);
    },
  };
}

const isFollowed = ({ unfollowed }: SearchPath): boolean =>
  unfollowed.every(({ file }) => HARMLESS.test(path.basename(file)));
