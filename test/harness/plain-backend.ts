import type { Release } from "./release.ts";

/** Makes an editable wheel of a project in the layout `src`, with its commands; enough of PEP 660 to install new projects. */
const BACKEND = `import base64, hashlib, os, re, zipfile


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    text = open("pyproject.toml", encoding="utf-8").read()
    name = re.search(r'^name = "(.*)"$', text, re.M).group(1)
    version = re.search(r'^version = "(.*)"$', text, re.M).group(1)
    needs = re.search(r"^dependencies = \\[(.*?)\\]", text, re.M | re.S)
    needed = "".join(f"Requires-Dist: {each}\\n" for each in re.findall('"(.*?)"', needs.group(1) if needs else ""))
    scripts = re.search(r"^\\[project.scripts\\]\\n((?:.+\\n)*)", text, re.M)
    stem = re.sub(r"[-_.]+", "_", name).lower() + "-" + version
    info = stem + ".dist-info/"
    files = {
        stem + ".pth": os.path.abspath("src") + "\\n",
        info + "METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n" + needed,
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: plain\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    if scripts:
        files[info + "entry_points.txt"] = "[console_scripts]\\n" + scripts.group(1).replace('"', "")
    rows = []
    for path, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(content.encode())}\\n")
    files[info + "RECORD"] = "".join(rows) + info + "RECORD,,\\n"
    wheel = stem + "-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(wheel_directory, wheel), "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return wheel
`;

/** Stands for a build backend of that name, module and version on an index of tests. */
export const plainBackend = (name: string, module: string, version: string): Release => ({
  name,
  version,
  files: { [`${module.replaceAll(".", "/")}.py`]: BACKEND },
});
