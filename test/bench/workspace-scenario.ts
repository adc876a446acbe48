import fs from "node:fs";
import path from "node:path";
import { makeWheel } from "../harness/wheel.ts";
import type { Side } from "./scenario.ts";

const MEMBERS = 50;
const PACKAGES = 400;
const EACH = PACKAGES / MEMBERS;

const two = (number: number): string => String(number).padStart(2, "0");
const member = (at: number): string => `member-${two(at)}`;
const third = (at: number): string => `third-${String(at % PACKAGES).padStart(3, "0")}`;

/** Makes an editable wheel of the project it lies in, with nothing but what Python has. */
const BACKEND = `import base64, hashlib, os, re, zipfile


def build_editable(folder, config_settings=None, metadata_directory=None):
    with open("pyproject.toml") as file:
        name = re.search('name = "(.*)"', file.read()).group(1)
    stem = name.replace("-", "_")
    info = stem + "-1.0.dist-info"
    with open("pyproject.toml") as file:
        needs = re.search(r"dependencies = \\[([^]]*)\\]", file.read()).group(1)
    requires = "".join("Requires-Dist: " + text + "\\n" for text in re.findall('"(.*?)"', needs))
    files = {
        "_" + stem + ".pth": os.path.join(os.getcwd(), "src") + "\\n",
        info + "/METADATA": "Metadata-Version: 2.1\\nName: " + name + "\\nVersion: 1.0\\n" + requires,
        info + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: bench\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    rows = []
    wheel_name = stem + "-1.0-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, wheel_name), "w") as wheel:
        for path, text in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(path + ",sha256=" + digest + "," + str(len(text)))
            wheel.writestr(path, text)
        wheel.writestr(info + "/RECORD", "\\n".join([*rows, info + "/RECORD,,", ""]))
    return wheel_name


build_wheel = build_editable
`;

const wheelsOf = (side: Side): string => path.join(side.cwd, "..", "wheels");

/** What has either side look into the folder of wheels alone. */
export const packagesInFolder = (side: Side): Readonly<Record<string, string>> => ({
  UV_FIND_LINKS: wheelsOf(side),
  UV_NO_INDEX: "1",
  PYBUN_FIND_LINKS: wheelsOf(side),
  PYBUN_NO_INDEX: "1",
});

/** A workspace of 50 members that need 400 packages, which lie in a folder: neither side asks an index. */
export function writeLargeWorkspace(side: Side): void {
  const wheels = wheelsOf(side);
  fs.mkdirSync(wheels, { recursive: true });
  for (let at = 0; at <= PACKAGES; at++) {
    // Each leads to two further ones, so that there is something to resolve; the last is needed by nobody yet.
    const requires = at === PACKAGES || at > PACKAGES - 20 ? [] : [`${third(at + 7)}>=1`, `${third(at + 13)}>=1`];
    const name = at === PACKAGES ? "one-more" : third(at);
    const { filename, bytes } = makeWheel({ name, version: "1.0", requires });
    fs.writeFileSync(path.join(wheels, filename), bytes);
  }
  const table = `[tool.${side.tool === "uv" ? "uv" : "pybun"}.workspace]\nmembers = ["packages/*"]\n`;
  fs.writeFileSync(path.join(side.cwd, "pyproject.toml"), table);
  for (let at = 0; at < MEMBERS; at++) writeMember(side, at);
}

function writeMember(side: Side, at: number): void {
  const folder = path.join(side.cwd, "packages", member(at));
  fs.mkdirSync(path.join(folder, "src"), { recursive: true });
  fs.writeFileSync(path.join(folder, "backend.py"), BACKEND);
  const others = at === 0 ? [] : [member(at - 1)];
  const needs = [...others, ...Array.from({ length: EACH }, (_, index) => `${third(at * EACH + index)}>=1`)];
  const sources = others.map((name) => `${name} = { workspace = true }\n`).join("");
  const text = `[project]
name = "${member(at)}"
version = "1.0"
requires-python = ">=3.10"
dependencies = [${needs.map((each) => JSON.stringify(each)).join(", ")}]

[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[tool.uv.sources]
${sources}`;
  fs.writeFileSync(path.join(folder, "pyproject.toml"), text);
}

/** Its member to which something is added. */
export const CHANGED_MEMBER = member(25);
export const changedFile = (side: Side): string => path.join(side.cwd, "packages", CHANGED_MEMBER, "pyproject.toml");
