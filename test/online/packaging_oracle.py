"""Answers of the reference library `packaging`: questions as JSON on stdin, answers as JSON on stdout."""

import email.parser
import json
import re
import sys

from packaging.licenses import canonicalize_license_expression
from packaging.markers import Marker, UndefinedComparison
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import Version


def version(text):
    return str(Version(text))


def order(texts):
    first, second = map(Version, texts)
    return (first > second) - (first < second)


def contains(question):
    specifier, text = question
    parsed = SpecifierSet(specifier)
    return [parsed.contains(text, prereleases=True), parsed.contains(text, prereleases=False)]


def marker(question):
    text, environment, extra = question
    parsed = Marker(text)
    try:
        holds = parsed.evaluate({**environment, "extra": extra})
    except (UndefinedComparison, KeyError):
        holds = None
    return [str(parsed), holds]


def marker_set(question):
    holds = marker(question)[1] is True
    return [holds, holds]


def requirement(text):
    return str(Requirement(text))


def wheel(text):
    name, version, build, tags = parse_wheel_filename(text)
    return [name, str(version), list(build), sorted(map(str, tags))]


def sdist(text):
    name, version = parse_sdist_filename(text)
    return [name, str(version)]


def licence(text):
    return canonicalize_license_expression(text)


def headers(text):
    message = email.parser.Parser().parsestr(text)
    return [[name.lower(), message.get_all(name)] for name in dict.fromkeys(map(str.lower, message.keys()))]


# The expression and the algorithm of PEP 723.
SCRIPT = r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$"


def script(text):
    found = [match for match in re.finditer(SCRIPT, text) if match["type"] == "script"]
    if len(found) > 1:
        raise ValueError("more than one block")
    lines = found[0]["content"].splitlines(keepends=True) if found else []
    return "".join(line[2:] if line.startswith("# ") else line[1:] for line in lines)


KINDS = [version, order, contains, marker, marker_set, requirement, wheel, sdist, licence, headers, script]


def answer(ask, question):
    try:
        return ask(question)
    except ValueError:
        return None


def main():
    kinds = {kind.__name__: kind for kind in KINDS}
    questions = json.load(sys.stdin)
    answers = {name: [answer(kinds[name], each) for each in asked] for name, asked in questions.items()}
    json.dump(answers, sys.stdout)


main()
