import { coreMetadata, escapedName, type Release } from "./release.ts";
import { writeTarGz } from "./tar-writer.ts";
import { type Made, makeWheel } from "./wheel.ts";

/** A backend inside the sdist: it hands out a wheel that lies beside it, so that building needs no other package. */
const BACKEND = `import pathlib, shutil

HERE = pathlib.Path(__file__).parent


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    [wheel] = HERE.glob("*.whl")
    shutil.copy(wheel, wheel_directory)
    return wheel.name
`;

/** A source distribution (PEP 625 name) of the release with a PEP 517 backend in its tree. */
export function makeSdist(release: Release): Made {
  const stem = `${escapedName(release.name)}-${release.version}`;
  const wheel = makeWheel(release);
  const requires = JSON.stringify(release["build-requires"] ?? []);
  const project = `[build-system]\nrequires = ${requires}\nbuild-backend = "backend"\nbackend-path = ["backend"]\n`;
  const members: readonly (readonly [path: string, data: string | Buffer])[] = [
    ["PKG-INFO", coreMetadata(release, release.dynamic)],
    ["pyproject.toml", project + (release.pyproject ?? "")],
    ["backend/backend.py", release.backend ?? BACKEND],
    [`backend/${wheel.filename}`, wheel.bytes],
  ];
  const tarred = members.map(([path, data]) => ({ path: `${stem}/${path}`, data: Buffer.from(data) }));
  return { filename: `${stem}.tar.gz`, bytes: writeTarGz(tarred) };
}
