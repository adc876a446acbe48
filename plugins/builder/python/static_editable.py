"""A wheel that leads to a source tree, for projects whose build backend knows no editable installs (PEP 660).

Written into the build as a backend of one hook, which runs in the project's folder. Standard library only, Python 3.9 and
newer.
"""

import base64
import hashlib
import os
import pathlib
import zipfile


def build_editable(wheel_directory, metadata_directory, config_settings=None):
    """Writes the wheel: the metadata of the project's own backend, and a path file with the folder of its modules."""
    info = pathlib.Path(metadata_directory)
    stem = info.name[: -len(".dist-info")]
    root = pathlib.Path.cwd()
    modules = root / "src" if (root / "src").is_dir() else root
    files = {"__editable__.%s.pth" % stem: "%s\n" % modules}
    for name in sorted(os.listdir(info)):
        path = info / name
        if path.is_file() and name not in ("RECORD", "WHEEL"):
            files["%s/%s" % (info.name, name)] = path.read_text(encoding="utf-8")
    files["%s/WHEEL" % info.name] = (
        "Wheel-Version: 1.0\nGenerator: static-editable\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files["%s/RECORD" % info.name] = record(files, "%s/RECORD" % info.name)
    filename = "%s-py3-none-any.whl" % stem
    with zipfile.ZipFile(os.path.join(wheel_directory, filename), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # A fixed time: the same project gives the same wheel.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode())
    return filename


def record(files, own):
    """The RECORD of these files, which does not state its own digest."""
    rows = []
    for name, text in files.items():
        data = text.encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append("%s,sha256=%s,%d\n" % (name, digest, len(data)))
    return "".join(rows) + "%s,,\n" % own
