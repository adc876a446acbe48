"""Judges wheels by the binary distribution format, with the standard library alone and no code of the product.

    oracle.py judge FILE...    a JSON list, one object per wheel
    oracle.py best FILENAME... a JSON list, the file an installer should choose for each project

`verdict` is "install", "refuse" (the file breaks a rule, see `reason`) or "unfit" (made for another interpreter).
An installable wheel lists what an installer must produce, by scheme.
"""

import base64
import configparser
import csv
import email.parser
import hashlib
import io
import json
import platform
import re
import sys
import zipfile

UNLISTED = ("RECORD", "RECORD.jws", "RECORD.p7s")
VERSION = re.compile(
    r"v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?P<pre>[-_.]?(?P<pre_l>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>\d*))?"
    r"(?P<post>-(?P<post_n1>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n2>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"\s*(===|~=|==|!=|<=|>=|<|>)\s*([^\s,;)]+)\s*")
REQUIREMENT = re.compile(
    r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(\[[^\]]*\])?\s*(@\s*[^\s;]+|\(?[^;()]*\)?)\s*(;.*)?$"
)


class Refused(Exception):
    """The wheel breaks a rule."""


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def version_key(text):
    """Sort key of PEP 440, or None when the text is no version."""
    match = VERSION.fullmatch(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    release = [int(number) for number in part["release"].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    letter = {"a": 0, "b": 1}.get((part["pre_l"] or "")[:1].lower(), 2)
    if part["pre"]:
        pre = (0, letter, int(part["pre_n"] or 0))
    elif part["dev"] and not part["post"]:
        pre = (-1, 0, 0)
    else:
        pre = (1, 0, 0)
    post = int(part["post_n1"] or part["post_n2"] or 0) if part["post"] else -1
    dev = int(part["dev_n"] or 0) if part["dev"] else float("inf")
    local = part["local"] or ""
    pieces = [(1, int(p), "") if p.isdigit() else (0, 0, p.lower()) for p in re.split(r"[-_.]", local) if p]
    return [int(part["epoch"] or 0), release, pre, post, dev, pieces]


def is_prerelease(text):
    part = VERSION.fullmatch(text.strip()).groupdict()
    return bool(part["pre"] or part["dev"])


def parse_filename(filename):
    parts = filename[: -len(".whl")].split("-")
    if len(parts) not in (5, 6):
        raise Refused("the file name does not have five or six parts")
    name, version = parts[0], parts[1]
    if version_key(version.replace("_", "-")) is None:
        raise Refused("%s is no version" % version)
    build = parts[2] if len(parts) == 6 else ""
    if build and not build[0].isdigit():
        raise Refused("the build tag does not begin with a digit")
    return name, version, build, parts[-3:]


def fits(tags):
    pythons, abis, platforms = (part.split(".") for part in tags)
    return any(fits_one(p, a, o) for p in pythons for a in abis for o in platforms)


def fits_one(python, abi, system):
    minor = sys.version_info[1]
    own = "cp3%d" % minor
    generic = {"py3"} | {"py3%d" % m for m in range(minor + 1)}
    older = {"cp3%d" % m for m in range(2, minor + 1)}
    if abi == "none":
        python_fits = python in generic or python == own
    elif abi == "abi3":
        python_fits = python in older
    else:
        python_fits = python == own and abi == own
    return python_fits and (system == "any" and abi == "none" or platform_fits(system))


def platform_fits(system):
    machine = platform.machine()
    if sys.platform != "linux":
        return False
    if system == "linux_" + machine:
        return True
    legacy = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
    match = re.fullmatch(r"(manylinux\d+|manylinux_(\d+)_(\d+))_(\w+)", system)
    if match is None or match[4] != machine:
        return False
    needed = (int(match[2]), int(match[3])) if match[2] else legacy.get(match[1])
    libc, have = platform.libc_ver()
    return libc == "glibc" and needed is not None and needed <= tuple(map(int, have.split(".")))


def read_members(path):
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                info.filename: (archive.read(info), (info.external_attr >> 16) & 0o7777)
                for info in archive.infolist()
                if not info.is_dir()
            }
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, NotImplementedError) as error:
        raise Refused("not a readable zip archive: %s" % error) from error


def dist_info(members, name, version):
    folders = {path.split("/")[0] for path in members if path.split("/")[0].endswith(".dist-info")}
    if len(folders) != 1:
        raise Refused("there are %d dist-info folders" % len(folders))
    [folder] = folders
    own_name, _, own_version = folder[: -len(".dist-info")].partition("-")
    if normalized(own_name) != normalized(name) or version_key(own_version) != version_key(version):
        raise Refused("%s does not belong to the file name" % folder)
    return folder


def headers(members, path):
    if path not in members:
        raise Refused("there is no %s" % path)
    return email.parser.Parser().parsestr(members[path][0].decode("utf-8", "replace"))


def check_record(members, folder):
    path = folder + "/RECORD"
    if path not in members:
        raise Refused("there is no RECORD")
    listed = {}
    for row in csv.reader(io.StringIO(members[path][0].decode("utf-8"))):
        if row:
            listed[row[0]] = (row + ["", ""])[1:3]
    free = {folder + "/" + name for name in UNLISTED}
    for name, (digest, size) in listed.items():
        if name not in members:
            raise Refused("RECORD lists %s, which is not there" % name)
        data = members[name][0]
        if name not in free and not digest:
            raise Refused("RECORD has no hash for %s" % name)
        if digest and digest != record_digest(digest, data):
            raise Refused("RECORD has another hash for %s" % name)
        if size and int(size) != len(data):
            raise Refused("RECORD has another size for %s" % name)
    unlisted = [name for name in members if name not in listed and name not in free]
    if unlisted:
        raise Refused("RECORD does not list %s" % unlisted[0])


def record_digest(expected, data):
    algorithm = expected.split("=", 1)[0]
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise Refused("RECORD uses %s" % algorithm)
    digest = hashlib.new(algorithm, data).digest()
    return algorithm + "=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check_requirement(text):
    match = REQUIREMENT.fullmatch(text)
    if match is None:
        raise Refused("%r is no requirement" % text)
    clauses = match[3].strip().strip("()").strip()
    if not clauses or clauses.startswith("@"):
        return
    for clause in clauses.split(","):
        parsed = CLAUSE.fullmatch(clause)
        if parsed is None:
            raise Refused("%r is no version specifier" % clause)
        version = parsed[2][:-2] if parsed[2].endswith(".*") and parsed[1] in ("==", "!=") else parsed[2]
        if parsed[1] != "===" and version_key(version) is None:
            raise Refused("%s is no version" % version)


def entry_points(members, folder):
    path = folder + "/entry_points.txt"
    if path not in members:
        return {}
    parser = configparser.ConfigParser(delimiters=("=",), strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(members[path][0].decode("utf-8"))
    return {section: dict(parser[section]) for section in parser.sections()}


def spread(members, data_folder):
    """Which file goes where: scheme -> path -> hash and whether it can be executed."""
    schemes = {}
    for path, (data, mode) in members.items():
        scheme, target = "root", path
        if path.startswith(data_folder + "/"):
            _, scheme, target = path.split("/", 2)
        row = {"sha256": hashlib.sha256(data).hexdigest(), "executable": bool(mode & 0o111)}
        if scheme == "scripts" and re.match(rb"#!pythonw?\b", data):
            row["rest"] = hashlib.sha256(data.split(b"\n", 1)[1]).hexdigest()
        schemes.setdefault("root" if scheme in ("purelib", "platlib") else scheme, {})[target] = row
    return schemes


def judge(path):
    filename = path.replace("\\", "/").rsplit("/", 1)[-1]
    row = {"file": filename}
    try:
        name, version, build, tags = parse_filename(filename)
        row.update(name=normalized(name), version=version, build=build, tags=tags)
        if not fits(tags):
            return dict(row, verdict="unfit", reason="the tags are of another interpreter or platform")
        members = read_members(path)
        folder = dist_info(members, name, version)
        wheel = headers(members, folder + "/WHEEL")
        if wheel.get("Wheel-Version", "").split(".")[0] not in ("0", "1"):
            raise Refused("WHEEL has version %s" % wheel.get("Wheel-Version"))
        metadata = headers(members, folder + "/METADATA")
        if normalized(metadata.get("Name", "")) != normalized(name):
            raise Refused("METADATA is of %s" % metadata.get("Name"))
        if version_key(metadata.get("Version", "")) != version_key(version):
            raise Refused("METADATA is of version %s" % metadata.get("Version"))
        requires = metadata.get_all("Requires-Dist") or []
        for requirement in requires:
            check_requirement(requirement)
        check_record(members, folder)
    except (Refused, ValueError, csv.Error, configparser.Error) as error:
        return dict(row, verdict="refuse", reason=str(error))
    return dict(
        row,
        verdict="install",
        requires=requires,
        prerelease=is_prerelease(version),
        schemes=spread(members, folder[: -len(".dist-info")] + ".data"),
        entry_points=entry_points(members, folder),
    )


def candidate(filename):
    """A file by its name alone; None when the name says nothing an installer could use."""
    try:
        if filename.endswith(".whl"):
            name, version, build, _ = parse_filename(filename)
            number = re.match(r"\d*", build)[0]
            rank = (1, int(number or -1), build)
        else:
            stem = re.sub(r"\.(tar\.gz|tar\.xz|tar\.bz2|zip)$", "", filename)
            name, _, version = stem.rpartition("-")
            rank = (0, -1, "")
    except Refused:
        return None
    if not name or version_key(version) is None or filename == name:
        return None
    return {"file": filename, "name": normalized(name), "version": version, "rank": (version_key(version), rank)}


def best(filenames):
    projects = {}
    for row in filter(None, map(candidate, filenames)):
        row["prerelease"] = is_prerelease(row["version"])
        projects.setdefault(row["name"], []).append(row)
    chosen = []
    for rows in projects.values():
        finals = [row for row in rows if not row["prerelease"]]
        chosen.append(max(finals or rows, key=lambda row: row["rank"]))
    return [{key: row[key] for key in ("file", "name", "version", "prerelease")} for row in chosen]


if __name__ == "__main__":
    if sys.argv[1] == "judge":
        json.dump([judge(path) for path in sys.argv[2:]], sys.stdout)
    else:
        json.dump(best(sys.argv[2:]), sys.stdout)
