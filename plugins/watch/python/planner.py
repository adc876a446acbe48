# What a change of files means for the running program: put in what makes it the same as a fresh one, or say why not.
import ast
import contextlib
import gc
import os
import sys
import types
from importlib.machinery import SourceFileLoader as SourceLoader

from _pybun_watch_classes import facts_to_change, same_body
from _pybun_watch_codes import Gone, everything, facts, documentation, inner, is_function, pair_function, same_shape
from _pybun_watch_live import Heap, clear_caches, compiler_of, holders, is_compiled_away, modules_loading, must_not_run
from _pybun_watch_pieces import FUTURE, in_pieces
from _pybun_watch_reexec import reexecute
from _pybun_watch_statements import difference, place, reads
from _pybun_watch_templates import take_template

# Whoever looks at a namespace as a whole sees every name that comes and goes.
WHOLE = frozenset(("globals", "vars", "dir", "locals", "__dict__", "getattr", "hasattr", "getmembers", "__all__", "eval", "exec"))


class Broken(Exception):
    """A file that can't be loaded as it is now."""


class FilePlan:
    """What one changed module file means."""

    def __init__(self, record, namespace, source, code):
        self.record = record
        self.namespace = namespace
        self.source = source
        self.code = code
        self.pairs = []
        self.edits = []
        self.kept = []
        self.moved = []
        self.of_classes = []  # (class, name, value) of what a class says of its source
        self.fresh = [code]  # codes that were not there before
        self.starts = {}


def respond(agent, changes):
    plans = []
    try:
        if getattr(sys, "_is_gil_enabled", lambda: True)() is False:
            raise Gone("this Python runs threads without a lock")
        names = take_all(agent, changes, plans)
    except Broken as broken:
        return answer("broken", broken.args[0], evidence=broken.args[1])
    except Gone as gone:
        if not agent.is_hot:
            return answer("restart", "")
        return fall_back(agent, changes, gone)
    return answer("patch", "", names) if names else answer("none", "nothing that is loaded differs")


def fall_back(agent, changes, gone):
    """The second step of the ladder."""
    try:
        with alone():
            return answer("reexec", str(gone), reexecute(agent, [change["path"] for change in changes], load))
    except Gone as why:
        reason = str(gone) if not str(why) else "%s, and %s" % (gone, why)
        return answer("restart", reason)


def answer(action, reason, names=(), evidence=()):
    return {"action": action, "reason": reason, "names": list(names), "evidence": list(evidence)}


def take_all(agent, changes, plans):
    others = []
    refused = None
    for change in changes:
        if not change["path"].endswith((".py", ".pyw")):
            others.append(change)
            continue
        try:
            plan = plan_file(agent, change)
        except Gone as gone:
            # Another file may be broken, which counts more.
            refused = refused or gone
            continue
        if plan is not None:
            plans.append(plan)
    if refused is not None:
        raise refused
    if not agent.is_hot:
        raise Gone("")
    with alone():
        heap = Heap({id(code) for plan in plans for pair in plan.pairs for code in everything(pair.old)})
        for plan in plans:
            check_functions(agent, plan, heap)
            check_moved(agent, plan)
            check_edits(agent, plan, heap)
            plan.of_classes = facts_to_change(plan.record.code, plan.code, lambda names, plan=plan: class_of(plan.namespace, names))
        names = [one for change in others for one in take_template(change["path"], heap_objects)]
        if plans:
            names += apply_all(agent, plans, heap)
        return names


@contextlib.contextmanager
def alone():
    """No other thread sees half of what is done here, nor begins what is being changed; unless this one waits for something."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(60)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)


def heap_objects():
    return gc.get_objects()


def shown(agent, path):
    for root in agent.roots:
        if path.startswith(root):
            return path[len(root) :]
    return path


# From a file to a plan


def plan_file(agent, change):
    path = os.path.realpath(change["path"])
    name = shown(agent, path)
    if change["kind"] == "removed":
        raise Gone("%s was removed" % name)
    records = agent.records.get(path, [])
    source = read(path, name)
    pieces = None
    if agent.is_hot and change["kind"] == "changed" and len(records) == 1 and is_plain(records[0]):
        pieces = in_pieces(records[0], source)
    code = compiled(path, records[-1] if records else None, source, name) if pieces is None else pieces.code
    if change["kind"] == "added":
        raise Gone("%s was added" % name)
    if not records:
        if is_test(name):
            return None
        raise Gone("%s is not loaded as a module, and may have been read in another way" % name)
    if any(record.source != records[0].source for record in records):
        raise Gone("%s was loaded more than once" % name)
    if not agent.is_hot:
        raise Gone("")
    record = records[-1]
    check_settled(agent, name)
    plan = FilePlan(record, namespace_of(agent, record, name), source, code)
    if pieces is not None:
        plan.pairs, plan.fresh, plan.starts = pieces.pairs, pieces.fresh, pieces.starts
        return plan
    for old in records:
        compare_modules(old, plan)
    return plan


def is_plain(record):
    """Whether a part of its file compiles to the same as it does in the whole."""
    loader = getattr(sys.modules.get(record.name), "__loader__", None)
    compile_with = getattr(type(loader), "source_to_code", None)
    return record.is_sure is True and (record.importer is None or compile_with is SourceLoader.source_to_code)


def look_at_unsure(agent):
    """Finds out of one record whether its code is what its source makes; false when all are known."""
    for records in list(agent.records.values()):
        for record in records:
            if record.is_sure is None:
                try:
                    record.is_sure = same_tree(compile_like(record), record.code)
                except (SyntaxError, ValueError):
                    record.is_sure = False
                return True
    return False


def is_test(name):
    parts = name.split(os.sep)
    last = parts[-1]
    return last.startswith("test_") or last.endswith("_test.py") or last == "conftest.py" or "tests" in parts[:-1]


def read(path, name):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Gone("%s can't be read: %s" % (name, error.strerror))


def load(path, record, name):
    """Source and code of a file as it is now."""
    source = read(path, name)
    return source, compiled(path, record, source, name)


def compiled(path, record, source, name):
    module = sys.modules.get(record.name) if record else None
    loader = getattr(module, "__loader__", None)
    compile_with = getattr(loader, "source_to_code", None)
    filename = record.code.co_filename if record else path
    try:
        if compile_with is not None and record.importer is not None:
            return compile_with(source, filename)
        return compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        text = (error.text or "").rstrip("\n")
        lines = ["%s:%s" % (name, error.lineno)] + (["    " + text.strip()] if text.strip() else [])
        raise Broken("%s: %s" % (type(error).__name__, error.msg), lines)
    except ValueError as error:
        raise Broken("SyntaxError: %s" % error, [name])


def check_settled(agent, name):
    loading = modules_loading(agent.main_module_code)
    if loading is not None:
        raise Gone("%s is still being loaded" % loading)
    frame = main_frame(agent)
    if frame is not None and agent.main is not None and frame.f_lineno < agent.program_starts():
        raise Gone("the program is still starting")


def main_frame(agent):
    for frame in sys._current_frames().values():
        while frame is not None:
            if frame.f_code is agent.main_module_code:
                return frame
            frame = frame.f_back
    return None


def namespace_of(agent, record, name):
    main = sys.modules.get("__main__")
    if record is agent.main or getattr(getattr(main, "__spec__", None), "name", None) == record.name:
        return main.__dict__
    module = sys.modules.get(record.name)
    if module is None:
        raise Gone("%s was loaded and is gone from sys.modules" % name)
    return module.__dict__


def compare_modules(record, plan):
    pairs = []
    if compare_scopes(record.code, plan.code, pairs):
        plan.pairs += pairs
        return
    if record.is_sure is not True and not same_tree(compile_like(record), record.code):
        raise Gone("%s changed while it was loaded" % record.name)
    whole = difference((record.source, record.code), (plan.source, plan.code))
    plan.pairs += whole.pairs
    if record is plan.record:
        plan.edits, plan.kept, plan.moved = whole.edits, whole.kept, whole.moved


def compile_like(record):
    loader = getattr(sys.modules.get(record.name), "__loader__", None)
    compile_with = getattr(loader, "source_to_code", None) if record.importer is not None else None
    if compile_with is not None:
        return compile_with(record.source, record.code.co_filename)
    return compile(record.source, record.code.co_filename, "exec", dont_inherit=True)


def same_tree(first, second):
    if not same_shape(first, second):
        return False
    return all(map(same_tree, inner(first), inner(second)))


def compare_scopes(old, new, pairs):
    """False where modules or classes do not have the same statements."""
    if not same_body(old, new):
        return False
    for one, other in zip(inner(old), inner(new)):
        if is_function(one):
            pair_function(one, other, pairs)
        elif not compare_scopes(one, other, pairs):
            return False
    return True


# Whether it may be put in


def check_functions(agent, plan, heap):
    changed = [pair for pair in plan.pairs if pair.is_changed]
    names = {id(pair.old): name_of(plan, pair.old) for pair in changed}
    for pair in changed:
        if not is_function(pair.old):
            check_local_class(pair, heap, names[id(pair.old)])
            continue
        key = id(pair.old)
        name = names[key]
        if key in agent.ran_loading:
            raise Gone("%s ran while modules were loaded" % name)
        if key in agent.ran_starting and key not in agent.ran_since:
            raise Gone("%s ran when the program started" % name)
        functions = heap.of(pair.old)
        if not functions:
            continue
        if pair.new is None:
            raise Gone("%s is no longer made, but still in use" % name)
        if pair.old.co_freevars != pair.new.co_freevars:
            raise Gone("%s uses other variables of the functions around it" % name)
        check_facts(plan, pair, heap, name)
        if is_compiled_away():
            compiler = next(filter(None, map(compiler_of, functions)), None)
            if compiler is not None:
                raise Gone("%s was compiled by %s" % (name, compiler))
        if any(id(function) in heap.computing for function in functions):
            raise Gone("%s is a cached property, whose values stay" % name)
    must_not_run([pair.old for pair in changed], heap, lambda code: names.get(id(code), code.co_name))


def check_local_class(pair, heap, name):
    for code in everything(pair.old):
        if is_function(code) and heap.of(code):
            raise Gone("the class %s was made by a function, and changed" % name)


def check_facts(plan, pair, heap, name):
    """Decorators and registries may have kept what they read off the function."""
    if facts(pair.old) == facts(pair.new):
        return
    functions = heap.of(pair.old)
    ignored = set()
    for function in functions:
        owner = owner_of(plan.namespace, function)
        if owner is None:
            raise Gone("the signature or documentation of %s changed, and it is not where it was defined" % name)
        ignored.update(owner)
    if pair.old.co_flags != pair.new.co_flags:
        raise Gone("%s became another kind of function" % name)
    holding = holders(functions, ignored | heap.own)
    if holding:
        raise Gone("the signature or documentation of %s changed, and a %s holds it" % (name, type(holding[0]).__name__))


def owner_of(namespace, function):
    """Ids of the namespace that a function was defined in and is still in under its name: the module's or a class's."""
    if namespace.get(function.__name__) is function:
        return {id(namespace)}
    names = function.__qualname__.split(".")
    one = namespace.get(names[0])
    for name in names[1:-1]:
        one = vars(one).get(name) if isinstance(one, type) else None
    if not isinstance(one, type) or type(one) is not type:
        return None
    held = vars(one).get(names[-1])
    if held is not function:
        return None
    return {id(each) for each in gc.get_referents(one) if type(each) is dict}


def name_of(plan, code):
    qualified = getattr(code, "co_qualname", code.co_name)
    name = plan.record.name if plan.record.name != "__main__" else ""
    return ".".join(filter(None, (name, qualified)))


def check_moved(agent, plan):
    if not plan.moved:
        return
    used = reads(plan.kept)
    for name, codes in plan.moved:
        if name in used or any(id(code) in agent.ran_loading for code in codes):
            raise Gone("%s moved, and is used where the module is loaded" % name)


def check_edits(agent, plan, heap):
    edits = plan.edits
    if not edits:
        return
    namespace = plan.namespace
    touched = {edit.name for edit in edits}
    if "__getattr__" in namespace and any(not edit.owner for edit in edits):
        raise Gone("the module decides by itself which names it has")
    if plan.record.importer is False:
        raise Gone("%s was loaded by code that is not the program's own, which may have looked at all of it" % plan.record.name)
    for name in touched:
        if name.startswith("__") and name.endswith("__"):
            raise Gone("%s has a meaning to Python" % name)
    check_readers(agent, plan, touched)
    for edit in edits:
        if edit.owner:
            check_class_edit(plan, edit, heap)
        else:
            check_module_edit(plan, edit, heap)


def check_readers(agent, plan, touched):
    own = reads(plan.kept)
    for name in sorted(touched & own):
        raise Gone("%s is used where the module is loaded" % name)
    if own & WHOLE:
        raise Gone("the module looks at names as a whole (%s)" % min(own & WHOLE))
    ran = agent.ran_loading | (agent.ran_starting - agent.ran_since)
    for records in agent.records.values():
        for record in records:
            codes = skeleton(record.code) if record is not plan.record else []
            mentioned = set()
            for code in codes:
                mentioned.update(code.co_names)
                if ("*",) in code.co_consts and plan.record.name.rpartition(".")[2] in " ".join(code.co_names):
                    raise Gone("%s imports everything" % record.name)
            for code in everything(record.code):
                if id(code) in ran:
                    mentioned.update(code.co_names)
                    mentioned.update(code.co_freevars)
            for name in sorted(touched & mentioned):
                raise Gone("%s is used by %s, which has run" % (name, record.name))
            if mentioned & WHOLE:
                raise Gone("%s looks at names as a whole (%s)" % (record.name, min(mentioned & WHOLE)))


def skeleton(code):
    """The codes that run while a module is loaded: its own, and those of classes in it."""
    found = [code]
    for one in found:
        found.extend(each for each in inner(one) if not is_function(each))
    return found


def check_module_edit(plan, edit, heap):
    namespace, name = plan.namespace, edit.name
    if edit.kind in ("define", "import") or (edit.kind == "assign" and edit.old[0] is None):
        if name in namespace:
            raise Gone("%s has a value already" % name)
        if edit.kind == "import":
            check_import(plan, edit)
        return
    if name not in namespace:
        raise Gone("%s has no value any more" % name)
    value = namespace[name]
    if edit.kind == "assign":
        check_constant(edit, value, {id(namespace)} | heap.own)
    elif edit.kind == "delete":
        if edit.old != "import":
            check_alone(value, namespace, edit, heap)
    elif not isinstance(value, types.FunctionType) or value.__code__ is not edit.old:
        raise Gone("%s is not what was defined" % name)
    else:
        check_alone(value, namespace, edit, heap)


def check_alone(value, namespace, edit, heap):
    name = edit.name
    if not isinstance(value, types.FunctionType) or value.__globals__ is not namespace:
        raise Gone("%s is not what was defined" % name)
    holding = holders([value], {id(namespace)} | heap.own)
    if holding:
        raise Gone("%s is held by a %s" % (name, type(holding[0]).__name__))


def check_constant(edit, value, allowed):
    old = edit.old[0][0]
    if type(value) is not type(old) or value != old:
        raise Gone("%s has got another value meanwhile" % place(edit.owner, edit.name))
    if isinstance(value, (list, dict, set)):
        holding = holders([value], allowed)
        if holding:
            raise Gone("%s is held by a %s" % (place(edit.owner, edit.name), type(holding[0]).__name__))


def check_import(plan, edit):
    node = edit.node
    if isinstance(node, ast.ImportFrom):
        if node.level:
            raise Gone("a relative import is new")
        wanted = [node.module]
    else:
        wanted = [one.name for one in node.names]
    for name in wanted:
        module = sys.modules.get(name)
        if module is None:
            import importlib.util

            try:
                spec = importlib.util.find_spec(name.partition(".")[0])
            except (ImportError, ValueError):
                spec = None
            if spec is None or not spec.origin or not is_foreign(spec.origin):
                raise Gone("%s is not loaded yet" % name)
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                value = getattr(module, one.name, None)
                if not isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)):
                    raise Gone("%s of %s may have changed since it was loaded" % (one.name, name))


def is_foreign(origin):
    prefixes = (os.path.realpath(sys.prefix) + os.sep, os.path.realpath(sys.base_prefix) + os.sep)
    return origin in ("built-in", "frozen") or os.path.realpath(origin).startswith(prefixes)


def check_class_edit(plan, edit, heap):
    cls = class_of(plan.namespace, edit.owner)
    name = place(edit.owner, edit.name)
    if cls is None or type(cls) is not type or cls.__qualname__ != ".".join(edit.owner):
        raise Gone("%s is in a class that is more than its body" % name)
    for one in all_subclasses(cls):
        if type(one) is not type or any("__init_subclass__" in vars(base) for base in one.__mro__ if base is not object):
            raise Gone("%s is in a class whose subclasses look at it" % name)
    if "__slots__" in vars(cls):
        raise Gone("%s is in a class with slots" % name)
    if hasattr(cls, "__dataclass_fields__"):
        raise Gone("%s is in a dataclass" % name)
    members = vars(cls)
    if edit.kind == "define" or (edit.kind == "assign" and edit.old[0] is None):
        if edit.name in members:
            raise Gone("%s has a value already" % name)
        return
    if edit.name not in members:
        raise Gone("%s has no value any more" % name)
    value = members[edit.name]
    allowed = {id(each) for each in gc.get_referents(cls) if type(each) is dict}
    if edit.kind == "assign":
        check_constant(edit, value, allowed | heap.own)
        return
    if not isinstance(value, types.FunctionType):
        raise Gone("%s is not what was defined" % name)
    holding = holders([value], allowed | heap.own)
    if holding:
        raise Gone("%s is held by a %s" % (name, type(holding[0]).__name__))


def all_subclasses(cls):
    found = [cls]
    for one in found:
        found.extend(each for each in type.__subclasses__(one) if each not in found)
    return found


def class_of(namespace, owner):
    one = namespace.get(owner[0])
    for name in owner[1:]:
        one = vars(one).get(name) if isinstance(one, type) else None
    return one if isinstance(one, type) else None


# Putting it in


def apply_all(agent, plans, heap):
    names = []
    for plan in plans:
        names += apply_plan(agent, plan, heap)
    changed = {pair.new.co_name for plan in plans for pair in plan.pairs if pair.is_changed and pair.new is not None}
    changed |= {edit.name for plan in plans for edit in plan.edits}
    if changed:
        clear_caches(heap.caches, changed, agent)
    return names


def apply_plan(agent, plan, heap):
    names = []
    for pair in plan.pairs:
        if pair.new is None or not is_function(pair.new):
            continue
        for function in heap.of(pair.old):
            put_code(function, pair)
        if pair.is_changed:
            names.append(name_of(plan, pair.new))
    for edit in plan.edits:
        apply_edit(plan, edit)
        names.append(".".join(filter(None, (plan.record.name if plan.record.name != "__main__" else "", *edit.owner, edit.name))))
    for cls, name, value in plan.of_classes:
        type.__setattr__(cls, name, value)
    learn(agent, plan)
    return list(dict.fromkeys(names))


def put_code(function, pair):
    old_text, new_text = documentation(pair.old), documentation(pair.new)
    function.__code__ = pair.new
    if old_text != new_text and function.__doc__ == old_text:
        function.__doc__ = new_text


def learn(agent, plan):
    """From now on the new code is what was loaded."""
    for pair in plan.pairs:
        if pair.new is None:
            continue
        for ran in (agent.ran_loading, agent.ran_starting, agent.ran_since):
            if id(pair.old) in ran:
                ran.add(id(pair.new))
    path = plan.record.path
    for record in agent.records[path]:
        record.code, record.source, record.is_sure, record.starts = plan.code, plan.source, True, plan.starts
    for code in plan.fresh:
        agent.follow(code)


def apply_edit(plan, edit):
    target = class_of(plan.namespace, edit.owner) if edit.owner else None
    if edit.kind == "delete":
        if target is None:
            del plan.namespace[edit.name]
        else:
            type.__delattr__(target, edit.name)
        return
    made = dict(vars(target)) if target is not None else {}
    tree = ast.Module([edit.node], type_ignores=[])
    flags = plan.code.co_flags & FUTURE
    exec(compile(tree, plan.code.co_filename, "exec", flags, True), plan.namespace, made)
    value = made[edit.name]
    if edit.kind == "redefine":
        redefine(target, plan.namespace, edit, value)
        return
    function = value if isinstance(value, types.FunctionType) else getattr(value, "__func__", None) or getattr(value, "fget", None)
    if edit.kind == "define":
        value = rebuilt(function, value, edit, target)
    if target is None:
        plan.namespace[edit.name] = value
    else:
        type.__setattr__(target, edit.name, value)


def rebuilt(function, value, edit, target):
    """With the code that the whole file has for it, which knows its class and its private names."""
    if target is None:
        function.__code__ = edit.code
        return value
    cells = tuple(types.CellType(target) for _ in edit.code.co_freevars)
    made = types.FunctionType(edit.code, function.__globals__, function.__name__, function.__defaults__, cells or None)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__annotations__ = function.__annotations__
    made.__doc__ = function.__doc__
    made.__module__ = function.__module__
    made.__qualname__ = "%s.%s" % (target.__qualname__, function.__name__)
    return made if value is function else type(value)(made)


def redefine(target, namespace, edit, value):
    function = namespace[edit.name] if target is None else vars(target)[edit.name]
    function.__defaults__ = value.__defaults__
    function.__kwdefaults__ = value.__kwdefaults__
    function.__annotations__ = value.__annotations__
    function.__doc__ = value.__doc__
