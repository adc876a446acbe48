# The ladder's second step: modules that say of themselves that they may be loaded again are, and all that took something from them.
import ast
import sys

from _pybun_watch_codes import Gone
from _pybun_watch_statements import reads

ACCEPT = "__pybun_accept__"
DISPOSE = "__pybun_dispose__"


def reexecute(agent, paths, load):
    """The names of the modules that were loaded again, in that order. Raises `Gone` where one of them is not marked."""
    by_path = {path: records[-1] for path, records in agent.records.items()}
    changed = [by_path.get(path) for path in paths]
    if any(record is None or not is_marked(record) for record in changed):
        raise Gone("")
    order = with_dependents(changed, list(by_path.values()))
    loaded = [(record, *load(record.path, record, record.name)) for record in order]
    for record, source, code in loaded:
        again(record, code)
        record.source, record.code, record.is_sure, record.starts = source, code, True, {}
        agent.follow(code)
    return [record.name for record in order]


def namespace_of(record):
    module = sys.modules.get(record.name)
    if module is None or record.name == "__main__":
        return None
    return module.__dict__


def is_marked(record):
    namespace = namespace_of(record)
    return namespace is not None and bool(namespace.get(ACCEPT))


def with_dependents(changed, records):
    order = list(changed)
    for record in order:
        for other in records:
            if other in order or not takes_from(other, record):
                continue
            if not is_marked(other):
                raise Gone("%s takes names from %s and is not marked %s" % (other.name, record.name, ACCEPT))
            order.append(other)
    return sorted_by_need(order)


def sorted_by_need(order):
    done = []
    left = list(order)
    while left:
        ready = [one for one in left if not any(takes_from(one, other) for other in left if other is not one)]
        if not ready:
            raise Gone("%s and %s take names from each other" % (left[0].name, left[-1].name))
        done += ready
        left = [one for one in left if one not in ready]
    return done


def takes_from(record, source):
    """Whether a module holds on to what another had when it was loaded, rather than to the module itself."""
    if record is source:
        return False
    last = source.name.rpartition(".")[2]
    if last.encode() not in record.source:
        return False
    tree = ast.parse(record.source)
    package = record.name if record.path.endswith("__init__.py") else record.name.rpartition(".")[0]
    public = {name for name in (namespace_of(source) or ()) if not name.startswith("__")}
    imports_it = False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                parts = package.split(".")
                origin = ".".join(filter(None, [*parts[: len(parts) - node.level + 1], origin]))
            if origin == source.name:
                return True
            imports_it = imports_it or any(".".join((origin, one.name)) == source.name for one in node.names)
        elif isinstance(node, ast.Import):
            imports_it = imports_it or any(one.name == source.name for one in node.names)
    return imports_it and bool(reads(tree.body) & public)


def again(record, code):
    namespace = namespace_of(record)
    state = None
    try:
        dispose = namespace.get(DISPOSE)
        if callable(dispose):
            state = dispose()
        for name in [name for name in namespace if not (name.startswith("__") and name.endswith("__"))]:
            del namespace[name]
        namespace.pop(ACCEPT, None)
        namespace.pop(DISPOSE, None)
        exec(code, namespace)
        accept = namespace.get(ACCEPT)
        if callable(accept):
            accept(state)
    except BaseException as error:
        raise Gone("%s raised %s: %s when it was loaded again" % (record.name, type(error).__name__, error))
