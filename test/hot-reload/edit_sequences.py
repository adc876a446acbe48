"""Plays generated edits of a small program into a running process, and compares it after each with a fresh one.

argv: the folder with PyBun's Python sources, the first seed, how many. Prints one JSON line in the end: how many sequences and edits,
how many were patched, how many asked for a new start and why, and what differed although it was said to be patched.
"""

import importlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

SOURCES, FIRST, COUNT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
NAMES = ("codes", "classes", "live", "statements", "templates", "reexec", "pieces", "planner")

sys.dont_write_bytecode = True


def load_agent():
    with open(os.path.join(SOURCES, "agent.py")) as file:
        source = file.read()
    module = type(sys)("_pybun_watch")
    exec(compile(source, "/_pybun_watch.py", "exec"), module.__dict__)
    return module


AGENT = load_agent()
PLANNER = AGENT.load_planner(
    [(name, open(os.path.join(SOURCES, name + ".py")).read()) for name in NAMES],
)

# A program is a list of items for each of two modules; an item is text with a hole for a number, so that an edit is another number,
# another item, another order.

FUNCTIONS = {
    "plain": "def {n}(x=3):\n    y = x + {v}\n    return (y, 'a{v}')\n",
    "keyword": "def {n}(x, *rest, k={v}, **more):\n    return (x, rest, k, {w})\n",
    "documented": 'def {n}(x=1):\n    """Says {v}."""\n    return x * {w}\n',
    "annotated": "def {n}(x: int = 2) -> 'int':\n    z: int = x\n    return z - {v}\n",
    "generator": "def {n}(x=2):\n    for i in range(x):\n        yield i + {v}\n",
    "coroutine": "async def {n}(x=1):\n    return x + {v}\n",
    "closure": "def {n}(x=1):\n    def inner(y):\n        return x + y + {v}\n    return inner(2)\n",
    "made": "def {n}_maker(k):\n    def made(y=1):\n        return k + y + {v}\n    return made\n{n} = {n}_maker(5)\n",
    "lambda": "{n} = lambda x=1: x + {v}\n",
    "nested": "def {n}(x=1):\n    def one(y):\n        def two(z):\n            return z + {v}\n        return two(y) + {w}\n    return one(x)\n",
    "cached": "@functools.lru_cache(maxsize=None)\ndef {n}(x=1):\n    return x + {v}\n",
    "wrapped": "@tracing\ndef {n}(x=1):\n    return x + {v}\n",
    "registered": "@register\ndef {n}(x=1):\n    return x + {v}\n",
    "called": "@call_now\ndef {n}(x=1):\n    return x + {v}\n",
    "calls": "def {n}(x=1):\n    return helper(x) + {v}\n",
    "partial": "def {n}_base(x, y=1):\n    return x + y + {v}\n{n} = functools.partial({n}_base, 4)\n",
    "local_class": "def {n}(x=1):\n    class Local:\n        size = {v}\n        def get(self):\n            return self.size + {w}\n    return Local().get()\n",
    "global": "{n}_count = 0\ndef {n}(x=1):\n    global {n}_count\n    {n}_count += 1\n    return ({n}_count, {v})\n",
    "dispatched": "@functools.singledispatch\ndef {n}(x=1):\n    return ('any', {v})\n@{n}.register(int)\ndef _(x=1):\n    return ('int', {w})\n",
    "comprehension": "def {n}(x=2):\n    return [i + {v} for i in range(x)]\n",
    "guarded": "if len('a') == 1:\n    def {n}(x=1):\n        return x + {v}\nelse:\n    def {n}(x=1):\n        return x - {v}\n",
    "tried": "try:\n    def {n}(x=1):\n        return x + {v}\nfinally:\n    pass\n",
    "with_default": "def {n}(x=LIMIT):\n    return x + {v}\n",
    "mutable": "def {n}(x=[{v}]):\n    x.append(1)\n    return list(x)\n",
    "contextual": "@contextlib.contextmanager\ndef {n}_cm(x=1):\n    yield x + {v}\ndef {n}(x=1):\n    with {n}_cm(x) as got:\n        return got\n",
}
CLASSES = {
    "class": "class {n}:\n    size = {v}\n    def __init__(self, x=1):\n        self.x = x\n    def get(self):\n        return self.x + {w}\n",
    "derived": "class {n}(Base):\n    def get(self):\n        return super().get() + {v}\n    @property\n    def area(self):\n        return {w}\n",
    "methods": "class {n}:\n    @staticmethod\n    def make(x=1):\n        return x + {v}\n    @classmethod\n    def name(cls, y=2):\n        return (cls.__name__, y, {w})\n    def get(self):\n        return self.make() + 1\n",
    "dataclass": "@dataclasses.dataclass\nclass {n}:\n    x: int = {v}\n    def get(self):\n        return self.x + {w}\n",
    "enum": "class {n}(enum.Enum):\n    A = {v}\n    B = 'b'\n    def get(self):\n        return (self.name, {w})\n",
    "slots": "class {n}:\n    __slots__ = ('x',)\n    def __init__(self):\n        self.x = 7\n    def get(self):\n        return self.x + {v}\n",
    "private": "class {n}:\n    def __secret(self):\n        return {v}\n    def get(self):\n        return self.__secret() + {w}\n",
    "meta": "class {n}(metaclass=Meta):\n    def get(self):\n        return {v}\n",
    "namedtuple": "class {n}(typing.NamedTuple):\n    x: int = {v}\n    def get(self):\n        return self.x + {w}\n",
    "cached_property": "class {n}:\n    @functools.cached_property\n    def area(self):\n        return {v}\n    def get(self):\n        return self.area + {w}\n",
    "operators": "class {n}:\n    def __eq__(self, other):\n        return {v} > {w}\n    def __len__(self):\n        return {v}\n    def get(self):\n        return (self == 1, len(self))\n",
    "inner": "class {n}:\n    class Inner:\n        size = {v}\n        def get(self):\n            return self.size + {w}\n    def get(self):\n        return self.Inner().get()\n",
}
OTHERS = {
    "constant": "{n} = {v}\n",
    "text": "{n} = 'text {v}'\n",
    "list": "{n} = [{v}, 2]\n",
    "derived_constant": "{n} = LIMIT + {v}\n",
    "computed": "{n} = helper({v})\n",
    "import": "import math as {n}\n",
    "from_import": "from os.path import basename as {n}\n",
    "comment": "# {n} {v}\n",
    "effect": "LOG.append({v})\n",
    "condition": "if LIMIT > {v}:\n    {n} = 1\nelse:\n    {n} = 2\n",
}
LINKED = ("called", "computed", "calls", "cached", "wrapped", "registered", "closure", "derived_constant", "plain", "class", "derived", "with_default")
ITEMS = {**FUNCTIONS, **CLASSES, **OTHERS}

HEAD = """import contextlib
import dataclasses
import enum
import functools
import typing
LOG = []
LIMIT = {limit}
REGISTRY = {{}}
def helper(x):
    return x * {factor}
def tracing(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return ('traced', {mark}, function(*args, **kwargs))
    return wrapper
def register(function):
    REGISTRY[function.__name__] = function
    return function
def call_now(function):
    LOG.append(function())
    return function
class Base:
    def get(self):
        return {base}
class Meta(type):
    def __new__(mcs, name, bases, members):
        made = super().__new__(mcs, name, bases, members)
        LOG.append(sorted(member for member in members if not member.startswith('__')))
        return made
"""


class Program:
    def __init__(self, rng):
        self.rng = rng
        self.head = {name: rng.randrange(1, 9) for name in ("limit", "factor", "mark", "base")}
        self.next = 0
        self.first = [self.item() for _ in range(rng.randrange(2, 6))]
        self.second = [self.item() for _ in range(rng.randrange(1, 4))]
        self.use = rng.choice(("names", "names", "module", "star"))
        self.getattr = rng.random() < 0.05
        self.taken = [item[1] for item in self.first if rng.random() < 0.5]

    def item(self):
        # Half of them belong to those that lead to others.
        kind = self.rng.choice(sorted(ITEMS) if self.rng.random() < 0.5 else LINKED)
        self.next += 1
        name = ("C%d" if kind in CLASSES else "f%d") % self.next
        return [kind, name, self.rng.randrange(1, 9), self.rng.randrange(1, 9)]

    def edit(self):
        """One thing that people do to a file."""
        rng = self.rng
        items = rng.choice((self.first, self.first, self.second))
        act = rng.choice(("number",) * 8 + ("add", "add", "remove", "move", "head", "head", "head", "kind", "comment", "double"))
        if act == "number" and items:
            item = rng.choice(items)
            item[rng.choice((2, 3))] = rng.randrange(1, 9)
        elif act == "add":
            items.insert(rng.randrange(len(items) + 1), self.item())
        elif act == "remove" and items:
            gone = items.pop(rng.randrange(len(items)))
            if rng.random() < 0.7:
                self.taken = [name for name in self.taken if name != gone[1]]
        elif act == "move" and len(items) > 1:
            items.append(items.pop(rng.randrange(len(items))))
        elif act == "head":
            self.head[rng.choice(sorted(self.head))] = rng.randrange(1, 9)
        elif act == "kind" and items:
            item = rng.choice(items)
            item[0] = rng.choice(sorted(CLASSES if item[0] in CLASSES else FUNCTIONS))
        elif act == "comment":
            items.insert(rng.randrange(len(items) + 1), ["comment", "line", rng.randrange(1, 9), 1])
        elif act == "double" and items:
            items.append([rng.choice(sorted(FUNCTIONS)), rng.choice(items)[1], rng.randrange(1, 9), 1])
        return act

    def files(self):
        first = HEAD.format(**self.head) + "".join(self.render(item) for item in self.first)
        if self.getattr:
            first += "def __getattr__(name):\n    if name == 'virtual': return %d\n    raise AttributeError(name)\n" % self.head["mark"]
        second = "import contextlib, dataclasses, enum, functools, typing\n"
        second += "from first import LIMIT, LOG, Base, Meta, call_now, helper, register, tracing\n"
        if self.use == "star":
            second += "from first import *\n"
        elif self.use == "module":
            second += "import first\n"
            second += "".join("def take_%s():\n    return first.%s\n" % (name, name) for name in self.taken)
        elif self.taken:
            second += "from first import %s\n" % ", ".join(self.taken)
        second += "".join(self.render(item).replace("{n}", "") for item in self.second)
        return {"first.py": first, "second.py": second, "program.py": "import first\nimport second\n"}

    def render(self, item):
        kind, name, one, two = item
        return ITEMS[kind].replace("{n}", name).replace("{v}", str(one)).replace("{w}", str(two))


# What can be seen of a program


def shown(value, depth=0):
    if isinstance(value, (int, float, str, bytes, bool, type(None))):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "%s[%s]" % (type(value).__name__, ", ".join(shown(one, depth + 1) for one in value))
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (shown(k, 2), shown(v, depth + 1)) for k, v in value.items())
    if callable(value) and depth < 2:
        return "callable %s -> %s" % (getattr(value, "__name__", "?"), called(value, ()))
    return type(value).__name__


def called(function, arguments):
    import types

    try:
        got = function(*arguments)
        if isinstance(got, types.GeneratorType):
            got = list(got)
        if isinstance(got, types.CoroutineType):
            try:
                got.send(None)
            except StopIteration as stop:
                got = ("awaited", stop.value)
        return shown(got, 2)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, str(error).replace("at 0x", ""))


def described(value):
    import inspect
    import types

    if isinstance(value, types.ModuleType):
        return "module %s" % value.__name__
    if isinstance(value, type):
        members = {}
        for name, member in sorted(vars(value).items()):
            if name in ("__dict__", "__weakref__", "__module__", "__doc__"):
                continue
            if name == "__static_attributes__":
                members[name] = sorted(member)
                continue
            plain = getattr(member, "__func__", member)
            members[name] = described(plain) if isinstance(plain, types.FunctionType) and not name.startswith("__") else type(member).__name__
            if isinstance(member, (int, str)):
                members[name] = repr(member)
        instance = "none"
        try:
            made = next(iter(value)) if hasattr(value, "__members__") else value()
            instance = {
                name: called(getattr(made, name), ()) if callable(getattr(made, name, None)) else shown(getattr(made, name, None))
                for name in sorted(members)
                if not name.startswith("_") and name not in ("Inner",)
            }
        except Exception as error:
            instance = "%s: %s" % (type(error).__name__, error)
        return "class %s %s %s" % ([base.__name__ for base in value.__mro__], members, instance)
    if callable(value):
        try:
            signature = str(inspect.signature(value))
        except (TypeError, ValueError):
            signature = "?"
        one = called(value, ())
        other = called(value, (2,))
        line = getattr(getattr(inspect.unwrap(value), "__code__", None), "co_firstlineno", None)
        return "function %s %s %r %s %s line %s" % (getattr(value, "__qualname__", "?"), signature, getattr(value, "__doc__", None), one, other, line)
    return shown(value)


def observe():
    """Everything, as text: in a process of its own, so that looking changes nothing."""
    found = {}
    for name in ("first", "second"):
        module = sys.modules[name]
        for key, value in sorted(vars(module).items()):
            if key.startswith("__") or key in ("contextlib", "dataclasses", "enum", "functools", "typing"):
                continue
            found["%s.%s" % (name, key)] = described(value)
        found["%s.virtual" % name] = called(lambda module=module: module.virtual, ())
    keep = sys.modules["__main__"].KEPT
    for key, value in sorted(keep.items()):
        found["kept.%s" % key] = described(value)
    return found


KEPT = {}


def in_child(work):
    """The result of work done in a fork, as JSON."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            text = json.dumps(work())
        except BaseException:
            text = json.dumps({"crash": traceback.format_exc()})
        with os.fdopen(writing, "w") as out:
            out.write(text)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as source:
        text = source.read()
    os.waitpid(child, 0)
    return json.loads(text)


def begin(folder):
    sys.path.insert(0, folder)
    importlib.import_module("program")
    # What a program holds beside its modules: bound methods and functions that somebody was given.
    for name in ("first", "second"):
        for key, value in vars(sys.modules[name]).items():
            if key.startswith("f") and callable(value) and getattr(value, "__module__", None) in ("first", "second"):
                KEPT["%s.%s" % (name, key)] = value
            elif isinstance(value, type) and value.__module__ in ("first", "second") and key.startswith("C"):
                try:
                    made = next(iter(value)) if hasattr(value, "__members__") else value()
                    KEPT["%s.%s.get" % (name, key)] = made.get
                except Exception:
                    pass


def call_kept(wanted=None):
    for key, value in list(KEPT.items()):
        if wanted is None or key in wanted:
            called(value, ())


def fresh(folder, wanted):
    """What a process sees that has just begun, and has called what is `wanted` of what it keeps."""

    def work():
        try:
            begin(folder)
            call_kept(wanted)
        except Exception as error:
            return {"fails": "%s: %s" % (type(error).__name__, error)}
        return observe()

    return in_child(work)


def write(folder, files):
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)


def play(seed):
    program = Program(random.Random(seed))
    folder = tempfile.mkdtemp(prefix="edits-")
    result = {"edits": 0, "patched": 0, "same": 0, "restarts": {}, "wrong": []}
    try:
        # What each version looks like in a fresh process is found out here, where none of them has been loaded.
        versions = [([], program.files())]
        for _ in range(4):
            acts = [program.edit() for _ in range(program.rng.choice((1, 1, 1, 2)))]
            versions.append((acts, program.files()))
        steps = []
        # The program may have done something before the first edit: caches are filled, counters count.
        calls = program.rng.random() < 0.5
        first = None if calls else ()
        for acts, files in versions:
            write(folder, files)
            steps.append((acts, files, fresh(folder, first)))
            # The one that runs has called what it had at first.
            if first is None:
                first = [key[len("kept.") :] for key in steps[0][2] if key.startswith("kept.")]
        if "fails" in steps[0][2]:
            return result
        write(folder, steps[0][1])
        return in_child(lambda: follow(Case(seed, program.rng, calls, steps, folder), result))
    finally:
        shutil.rmtree(folder)


class Case:
    def __init__(self, seed, rng, calls, steps, folder):
        self.seed, self.rng, self.calls, self.steps, self.folder = seed, rng, calls, steps, folder


def follow(case, result):
    folder, steps = case.folder, case.steps
    agent = AGENT.Agent([folder], True)
    AGENT.hook_loader(agent)
    agent.events = AGENT.Monitoring(agent) if sys.version_info >= (3, 12) else AGENT.Tracing(agent)
    agent.main_module_code = sys._getframe().f_code
    begin(folder)
    if case.calls:
        agent.has_started = case.rng.random() < 0.7
        agent.events.again()
        call_kept()
    agent.has_started = True
    agent.events.again()
    # As a thread does while nothing else is to be done.
    while case.rng.random() < 0.9 and PLANNER.look_at_unsure(agent):
        pass
    before = steps[0][1]
    for acts, files, new in steps[1:]:
        changed = [name for name in files if files[name] != before[name]]
        if not changed:
            continue
        write(folder, files)
        answer = respond(agent, [{"path": os.path.join(folder, name), "kind": "changed"} for name in changed])
        result["edits"] += 1
        if answer["action"] == "restart":
            reason = answer["reason"]
            result["restarts"][reason] = result["restarts"].get(reason, 0) + 1
            return result
        result["patched" if answer["action"] == "patch" else "same"] += 1
        live = in_child(observe)
        both = {*live, *new} if "fails" in new else {key for key in {*live, *new} if key in live or not key.startswith("kept.")}
        differing = {key: (live.get(key), new.get(key)) for key in both if live.get(key) != new.get(key)}
        if differing:
            texts = {"before": before, "after": {name: files[name] for name in changed}}
            result["wrong"].append({"seed": case.seed, "acts": acts, "answer": answer, "differing": differing, **texts})
            return result
        before = files
    return result


def respond(agent, changes):
    agent.planner = PLANNER
    return AGENT.respond(agent, changes)


def main():
    total = {"sequences": 0, "edits": 0, "patched": 0, "same": 0, "restarts": {}, "wrong": []}
    started = time.time()
    for seed in range(FIRST, FIRST + COUNT):
        result = play(seed)
        if "crash" in result:
            total["wrong"].append({"seed": seed, "crash": result["crash"]})
            continue
        total["sequences"] += 1
        for key in ("edits", "patched", "same"):
            total[key] += result[key]
        total["wrong"] += result["wrong"]
        for reason, count in result["restarts"].items():
            total["restarts"][reason] = total["restarts"].get(reason, 0) + count
    total["seconds"] = time.time() - started
    print(json.dumps(total))


if __name__ == "__main__":
    main()
