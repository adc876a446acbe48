import { bytesSource } from "../../../plugin-api/archive/byte-source.ts";
import { findWheelFolders } from "../../../plugin-api/archive/wheel-files.ts";
import { openZip } from "../../../plugin-api/archive/zip.ts";
import { PybunError } from "../../../plugin-api/error.ts";
import type { Extra } from "../../../plugin-api/model/requirement.ts";
import { metadataTable, parseMetadata } from "../../../plugin-api/page/metadata-table.ts";
import { evaluateMarker } from "../../../plugin-api/python/marker.ts";
import { hostileZip, WHEEL_NAME, wheelPieces } from "../../harness/hostile-zip.ts";
import { smallTarget } from "../../harness/small-lock.ts";
import { insertOneOf, setNumber } from "./mutate.ts";
import type { Subject } from "./subject.ts";

const METADATA = `Metadata-Version: 2.4
Name: case
Version: 1.0.post1
Summary: ein Größenvergleich
Requires-Python: >=3.8,<4
License-Expression: MIT OR (Apache-2.0 WITH LLVM-exception)
License-File: LICENSE
Provides-Extra: fast
Provides-Extra: All.Of_It
Requires-Dist: a-b_c[x,y] (>=1.0,!=1.5.*) ; python_version < "3.11" and (sys_platform == 'win32' or extra == "fast")
Requires-Dist: d @ https://host.example/d-1.0.zip#sha256=${"ab".repeat(32)} ; extra == 'all-of-it'
Requires-Dist: e===1.0+local;platform_machine in "x86_64 aarch64"
Requires-Dist: case[fast] ; extra == "all-of-it"
Dynamic: Classifier
Description-Content-Type: text/markdown

# A long description

Requires-Dist: not a field
`;

const { markers } = smallTarget("3.12 linux x86_64");

function readMetadata(bytes: Uint8Array): unknown {
  const found = parseMetadata(bytes, "case-1.0.post1.dist-info/METADATA");
  const { dependencies } = metadataTable(found);
  if (dependencies.problem !== undefined) return [found, dependencies.problem];
  const extras: readonly (Extra | "")[] = ["", ...dependencies.extras];
  const requirements = extras.map((extra) =>
    dependencies.requirements(extra).map((each) => [each, evaluateMarker(each.marker, markers, extra)]),
  );
  return [found, requirements];
}

const refuses =
  (...codes: readonly string[]) =>
  (error: unknown): boolean =>
    error instanceof PybunError && codes.includes(error.code);

export const metadataSubject: Subject = {
  name: "METADATA",
  samples: [Buffer.from(METADATA), Buffer.from(METADATA.replaceAll("\n", "\r\n"))],
  mutations: [
    insertOneOf([
      "\n",
      "\r",
      "\n ",
      ":",
      ";",
      "(",
      ")",
      "[",
      "]",
      ",",
      "@",
      "'",
      '"',
      " and ",
      " or ",
      " in ",
      "not in",
      "extra",
      "\0",
    ]),
    insertOneOf([
      "Requires-Dist: ",
      "Name: x\n",
      "Version: 1!2\n",
      "\ufeff",
      "\u2028",
      "(".repeat(2000),
      "9".repeat(500),
      ">=1.",
      "*",
      "~=",
      "===",
    ]),
  ],
  read: readMetadata,
  isRefusal: refuses("E_METADATA"),
};

/** METADATA out of a wheel, as it is read without installing it. */
export const wheelSubject: Subject = {
  name: "METADATA in a wheel",
  samples: [
    hostileZip(wheelPieces({ extra: [{ name: "case/m.py", data: "a = 1\n".repeat(20) }] })),
    hostileZip(wheelPieces({}), { zip64: {} }),
  ],
  mutations: [
    setNumber,
    insertOneOf(["PK\x01\x02", "PK\x03\x04", "PK\x05\x06", "PK\x06\x06", "\xff\xff\xff\xff", "../", "METADATA"]),
  ],
  read(bytes) {
    const archive = openZip(bytesSource(bytes), { archive: WHEEL_NAME });
    const entry = archive.find(`${findWheelFolders(archive.entries, WHEEL_NAME).info}/METADATA`);
    return entry && readMetadata(archive.read(entry));
  },
  isRefusal: refuses("E_METADATA", "E_ARCHIVE_UNSAFE", "E_LIMIT"),
};
