# Records what this process imports, when and for whom, and writes it down at its end. The interpreter asks `_find_and_load` for each
# module that is not there yet; what that asks in turn to find a module and to get its code is timed, too.
import _frozen_importlib
import _frozen_importlib_external
import atexit
import os
import sys
import time

INTERNAL = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")


class Node:
    __slots__ = ("name", "parent", "begin", "end", "inner", "find", "load", "compiled", "importer", "thread", "failed")


def start(variable):
    file = os.environ.pop(variable, None)
    if file is not None:
        record(file)


def record(file):
    now = time.perf_counter_ns
    thread = sys.modules["_thread"].get_ident
    nodes = []
    stacks = {}
    main = thread()
    started = now()
    plain = _frozen_importlib._find_and_load
    plain_find = _frozen_importlib._find_spec
    external = _frozen_importlib_external.SourceLoader
    plain_load = external.get_code
    plain_compile = external.source_to_code
    plain_extension = _frozen_importlib_external.ExtensionFileLoader.create_module

    def importer_of(frame):
        while frame is not None and frame.f_code.co_filename in INTERNAL:
            frame = frame.f_back
        if frame is None:
            return None
        return [frame.f_globals.get("__name__"), frame.f_code.co_filename, frame.f_lineno]

    def _find_and_load(name, import_):
        me = thread()
        stack = stacks.setdefault(me, [])
        above = stack[-1] if stack else None
        node = Node()
        node.name = name
        # A package that is imported because a module in it was asked for is not that module's doing.
        is_package_of = above is not None and above.name.startswith(name + ".")
        node.parent = above.parent if is_package_of else above
        node.importer = above.importer if is_package_of else importer_of(sys._getframe().f_back)
        node.find = node.load = node.inner = node.compiled = 0
        node.thread = me
        node.failed = True
        node.end = None
        nodes.append(node)
        stack.append(node)
        node.begin = now()
        try:
            module = plain(name, import_)
            node.failed = False
            return module
        finally:
            node.end = now()
            stack.pop()
            took = node.end - node.begin
            if is_package_of:
                # It stands beside the module, and before it.
                above.begin = node.end
                if node.parent is not None:
                    node.parent.inner += took
            elif above is not None:
                above.inner += took

    def timed(function, attribute):
        def measure(*arguments, **named):
            stack = stacks.get(thread())
            began = now()
            try:
                return function(*arguments, **named)
            finally:
                if stack:
                    node = stack[-1]
                    setattr(node, attribute, getattr(node, attribute) + now() - began)

        # Tracebacks leave out frames of this file's name.
        measure.__code__ = measure.__code__.replace(co_filename=plain.__code__.co_filename)
        return measure

    _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename=plain.__code__.co_filename)
    _frozen_importlib._find_and_load = _find_and_load
    _frozen_importlib._find_spec = timed(plain_find, "find")
    external.get_code = timed(plain_load, "load")
    external.source_to_code = timed(plain_compile, "compiled")
    _frozen_importlib_external.ExtensionFileLoader.create_module = timed(plain_extension, "load")
    process = os.getpid()

    def end():
        # A child that was forked has this function, too.
        if os.getpid() != process:
            return
        ended = now()
        _frozen_importlib._find_and_load = plain
        _frozen_importlib._find_spec = plain_find
        external.get_code = plain_load
        external.source_to_code = plain_compile
        _frozen_importlib_external.ExtensionFileLoader.create_module = plain_extension
        write(file, list(nodes), {"started": started, "ended": ended, "main": main})

    atexit.register(end)


def write(file, nodes, clock):
    import json

    # The user's own `sitecustomize` is looked for by what began this; that there is none is nobody's failure.
    nodes = [node for node in nodes if not (node.name == "sitecustomize" and node.failed)]
    for node in nodes:
        if node.name == "sitecustomize":
            node.importer = None
    index = {id(node): at for at, node in enumerate(nodes)}
    rows = []
    for node in nodes:
        spec = getattr(sys.modules.get(node.name), "__spec__", None)
        # A module that is still being imported when the program ends, in another thread, took until now.
        finished = node.end if node.end is not None else clock["ended"]
        rows.append(
            {
                "name": node.name,
                "parent": None if node.parent is None else index[id(node.parent)],
                "importer": node.importer,
                "path": origin(spec),
                "begin_ns": node.begin - clock["started"],
                "took_ns": finished - node.begin,
                "inner_ns": node.inner,
                "find_ns": node.find,
                "load_ns": node.load,
                "compile_ns": node.compiled,
                "is_main_thread": node.thread == clock["main"],
                "is_failed": node.failed,
            }
        )
    result = {
        "python": sys.version.split()[0],
        "total_ns": clock["ended"] - clock["started"],
        "modules": rows,
    }
    with open(file, "w", encoding="utf-8") as out:
        json.dump(result, out)


def origin(spec):
    found = getattr(spec, "origin", None)
    return found if isinstance(found, str) else None
