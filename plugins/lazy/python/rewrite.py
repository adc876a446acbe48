# Turns a module's source into code whose imports at module level are carried out when their names are first used. A pure function of
# the source and of what the configuration wants; loaded only for modules that are not in the cache.
import ast
import re

# Stands in the code for the object that `start` made; put in its place when the code is loaded.
MARK = "@pybun lazy imports"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
HOOKS = frozenset({"__getattr__", "__dir__"})
DOCTEST = re.compile(r"^\s*(?:>>>|\.\.\.)(.*)$", re.M)
WORD = re.compile(r"[^\W\d]\w*")


def bound_by(node):
    """Names that a statement or expression binds in its own scope, not looking into what is below it."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(bound_name(node, alias) for alias in node.names)
    if isinstance(node, ast.ExceptHandler):
        return (node.name,) if node.name else ()
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return tuple(node.names)
    # Captures of match statements, type parameters and aliases, of Pythons that have them.
    kind = type(node).__name__
    if kind in ("MatchAs", "MatchStar", "TypeVar", "ParamSpec", "TypeVarTuple"):
        return (node.name,) if node.name else ()
    if kind == "MatchMapping":
        return (node.rest,) if node.rest else ()
    return ()


def bound_name(statement, alias):
    if alias.asname:
        return alias.asname
    return alias.name.partition(".")[0] if isinstance(statement, ast.Import) else alias.name


def parameters(arguments):
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    return {each.arg for each in every if each is not None}


def outer_parts(node):
    """What of a function or class is evaluated in the scope around it."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *node.keywords]
    arguments = node.args
    parts = [*arguments.defaults, *[each for each in arguments.kw_defaults if each is not None]]
    return parts if isinstance(node, ast.Lambda) else [*node.decorator_list, *parts]


def scope_nodes(body):
    """All nodes of one scope: nested functions and classes are in it, and what of them is evaluated here, not their bodies."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            todo.extend(outer_parts(node))
        else:
            todo.extend(ast.iter_child_nodes(node))


def local_names(function):
    """Names that are local to a function: those it binds, but for what it declares to be elsewhere."""
    body = function.body if isinstance(function.body, list) else [function.body]
    names = parameters(function.args)
    elsewhere = set()
    for node in scope_nodes(body):
        if isinstance(node, ast.Global):
            elsewhere.update(node.names)
        else:
            names.update(bound_by(node))
    return names - elsewhere


def exports(statement):
    """The words of a statement that has to do with `__all__`."""
    nodes = list(ast.walk(statement))
    if any(isinstance(node, ast.Name) and node.id == "__all__" for node in nodes):
        for node in nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def namespace_use(tree):
    """How a module looks at its namespace as a whole, in which everything must be then; None where it does not."""
    outer = {id(node) for node in scope_nodes(tree.body)}
    stored = {name for node in ast.walk(tree) for name in bound_by(node)}
    stored.update(node.arg for node in ast.walk(tree) if isinstance(node, ast.arg))
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    has_itself = takes_dict = False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            takes_dict = takes_dict or node.attr == "__dict__"
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            count = len(called[id(node)].args) if id(node) in called else None
            has_itself = has_itself or node.id == "__name__"
            takes_dict = takes_dict or (node.id == "vars" and count == 1)
            if node.id == "globals":
                return "uses `globals`"
            # With a namespace given they use that one.
            if node.id in ("exec", "eval") and (count is None or count < 2):
                return f"uses `{node.id}`"
            # In a function they are about its own names; uncalled they are mostly other things of that name.
            is_own = count == 0 and id(node) in outer
            if node.id in ("vars", "locals", "dir") and (is_own or (count is None and node.id not in stored)):
                return f"uses `{node.id}`"
    is_in_table = any(isinstance(node, ast.Attribute) and node.attr == "modules" for node in ast.walk(tree))
    return "takes its own names from `sys.modules`" if has_itself and takes_dict and is_in_table else None


def is_future(tree):
    names = [alias.name for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__" for alias in node.names]
    return "annotations" in names


# What makes classes with these bases does not evaluate the annotations of their attributes.
BASES = frozenset("object ABC Protocol Generic NamedTuple TypedDict Exception ValueError RuntimeError Enum str int dict list".split())


def loose_assignments(tree):
    """Annotated assignments whose annotation is a text to what runs them; bases of unknown kinds may read it at once."""
    plain = set(BASES)
    loose = {id(node) for node in scope_nodes(tree.body)}
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS) and not isinstance(node, ast.Lambda):
            loose.update(id(each) for each in scope_nodes(node.body))
        elif isinstance(node, ast.ClassDef) and not node.keywords:
            bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
            names = [getattr(base, "id", getattr(base, "attr", "")) for base in bases]
            if plain.issuperset(names):
                plain.add(node.name)
                loose.update(id(each) for each in scope_nodes(node.body))
    return loose


class Survey:
    """What a module does with names, as far as it decides which imports can wait."""

    def __init__(self, tree, source, has_loose_annotations=False):
        # Names that are not only bound by imports at module level, and why such an import can't wait.
        self.held = {}
        self.used = set()
        self.exported = set()
        # Statements that bind the module's own `__getattr__` or `__dir__`.
        self.hooks = set()
        # Why the module as a whole stays as it is.
        self.whole = None
        # Annotations of functions are texts that nobody but `typing` and `inspect` is expected to evaluate.
        self.has_loose_annotations = has_loose_annotations and is_future(tree)
        self.loose = loose_assignments(tree) if self.has_loose_annotations else frozenset()
        self.read(tree)
        for node in tree.body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                bindings = self.bindings([node])
                self.hold("bound in another way, too", bindings)
                if not HOOKS.isdisjoint(bindings):
                    self.hooks.add(id(node))
                self.exported.update(exports(node))
        if ">>>" in source:
            examples = " ".join(DOCTEST.findall(source))
            self.hold("used in an example that doctest runs", WORD.findall(examples))

    def hold(self, why, names):
        for name in names:
            self.held.setdefault(name, why)

    @staticmethod
    def bindings(body):
        return [name for node in scope_nodes(body) for name in bound_by(node)]

    def read(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                self.used.add(node.id)
            else:
                self.read_scope(node)
        why = namespace_use(tree)
        if why is not None:
            self.whole = f"its module {why}"

    def read_scope(self, node):
        if isinstance(node, ast.Global):
            self.hold("declared `global`", node.names)
        elif isinstance(node, ast.ClassDef):
            self.hold("bound in the body of a class, too", self.bindings(node.body))
        elif isinstance(node, COMPREHENSIONS):
            for generator in node.generators:
                self.hold("bound in a comprehension, too", self.bindings([generator.target]))
        elif isinstance(node, ast.NamedExpr):
            self.hold("bound within an expression, too", [node.target.id])
        elif isinstance(node, ast.AnnAssign) and id(node) not in self.loose:
            self.annotation(node.annotation)
        elif isinstance(node, (ast.arg, ast.FunctionDef, ast.AsyncFunctionDef)) and not self.has_loose_annotations:
            self.annotation(node.annotation if isinstance(node, ast.arg) else node.returns)
        elif type(node).__name__ in ("match_case", "TypeAlias", "TypeVar", "ParamSpec", "TypeVarTuple"):
            # A pattern is no expression, and types are evaluated in a way of their own.
            inner = [node.pattern] if hasattr(node, "pattern") else [node]
            names = [each.id for part in inner for each in ast.walk(part) if isinstance(each, ast.Name)]
            self.hold("used in a pattern or a type", names)
        for parameter in getattr(node, "type_params", ()):
            self.hold("a type parameter, too", [parameter.name])

    def annotation(self, node):
        """Annotations may be evaluated later, by whoever looks them up in the module's namespace."""
        for each in ast.walk(node) if node is not None else ():
            if isinstance(each, ast.Name):
                self.hold("used in an annotation", [each.id])
            elif isinstance(each, ast.Constant) and isinstance(each.value, str):
                self.hold("used in an annotation", WORD.findall(each.value))


class Wait:
    """Imports that are carried out together: one statement, or all that bind the same name."""

    def __init__(self):
        self.names = []
        self.statements = []
        # Modules to be imported, each with the names that are taken from it, or None.
        self.needs = []

    def add(self, statement, names, needs):
        self.statements.append(statement)
        self.names.extend(name for name in names if name not in self.names)
        self.needs.append(needs)


class Plan:
    """Which imports of a module wait, and why the others don't: (line, module, reason)."""

    def __init__(self, tree, survey, place, wants):
        self.survey = survey
        self.place = place
        self.wants = wants
        self.waits = []
        self.kept = []
        # The parts of each import statement in order: a wait's number, or None for what stays.
        self.parts = {}
        self.counts = {}
        imports = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        for node in imports:
            for alias in node.names:
                self.counts.setdefault(bound_name(node, alias), []).append((node, alias))
        # Importing a submodule puts it into its package, where code may use or delete it under that name.
        brought = survey.used & place.siblings - self.counts.keys()
        if brought:
            survey.whole = f"its module uses the submodule `{min(brought)}` without importing it"
        self.has_star = any(node.names[0].name == "*" for node in imports)
        by_root = {}
        after_star = False
        for node in tree.body:
            # What a star import binds can't be known; what came before it may be bound anew by it, as without waiting.
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self.parts[id(node)] = list(self.split(node, by_root, after_star))
            after_star = after_star or any(
                isinstance(each, ast.ImportFrom) and each.names[0].name == "*" for each in ast.walk(node)
            )

    def split(self, node, by_root, after_star):
        """The statement in pieces that are decided one by one: those of `from x import a, b` load x anyway."""
        if isinstance(node, ast.ImportFrom) and not (node.module is None and node.level):
            yield self.decide(node, node.names, by_root, after_star), node
            return
        for alias in node.names:
            if isinstance(node, ast.Import):
                piece = ast.Import(names=[alias])
            else:
                piece = ast.ImportFrom(module=None, names=[alias], level=node.level)
            ast.copy_location(piece, node)
            yield self.decide(piece, [alias], by_root, after_star), piece

    def decide(self, node, aliases, by_root, after_star):
        module = self.module_of(node, aliases)
        if module == "__future__":
            return None
        members = [alias.name for alias in aliases] if isinstance(node, ast.ImportFrom) else None
        if not module or not self.wants(self.place.name, module, members):
            return None
        reason = self.survey.whole or ("it follows a star import" if after_star else self.reason(node, aliases))
        if reason is not None:
            self.kept.append((node.lineno, module, reason))
            return None
        names = [bound_name(node, alias) for alias in aliases]
        is_shared = isinstance(node, ast.Import) and not aliases[0].asname
        wait = by_root.get(names[0]) if is_shared else None
        if wait is None:
            wait = Wait()
            self.waits.append(wait)
            if is_shared:
                by_root[names[0]] = wait
        wait.add(node, names, (module, None if members is None else tuple(members)))
        return self.waits.index(wait)

    def module_of(self, node, aliases):
        if isinstance(node, ast.Import):
            return aliases[0].name
        if not node.level:
            return node.module
        package = self.place.package.split(".")
        base = ".".join(package[: len(package) - node.level + 1])
        return f"{base}.{node.module}" if node.module else base

    def reason(self, node, aliases):
        """Why an import can't wait; None where it can."""
        if isinstance(node, ast.ImportFrom) and node.level and not self.place.package:
            return "it is relative to no package"
        for alias in aliases:
            name = bound_name(node, alias)
            if name == "*":
                return "it is a star import"
            if name.startswith("__"):
                return f"`{name}` has two underscores"
            if name in self.survey.held:
                return f"`{name}` is {self.survey.held[name]}"
            others = [(each, other) for each, other in self.counts[name] if other is not alias]
            is_root = isinstance(node, ast.Import) and not alias.asname
            if any(not is_root or not self.is_alike(each, other) for each, other in others):
                return f"`{name}` is imported more than once"
            reason = self.unused(node, alias, name) or self.submodule(node, alias, name)
            if reason is not None:
                return reason
        return None

    def is_alike(self, node, alias):
        """`import a.b` and `import a.c` can wait for each other."""
        is_root = isinstance(node, ast.Import) and not alias.asname
        return is_root and not self.has_star and self.wants(self.place.name, alias.name, None)

    def unused(self, node, alias, name):
        if name in self.survey.used or name in self.survey.exported:
            return None
        is_module = isinstance(node, ast.Import) or alias.name in self.place.siblings or node.module is None
        return None if self.place.is_package and not is_module else f"`{name}` is not used: it may be imported for its effects"

    def submodule(self, node, alias, name):
        """A package's name that a submodule has, too: what it is in the end depends on who imports that when."""
        if name not in self.place.siblings:
            return None
        is_itself = isinstance(node, ast.ImportFrom) and alias.name == name and self.module_of(node, [alias]) == self.place.name
        return None if is_itself else f"`{name}` is a submodule, too"


class Place:
    """
    Where a module stands. `siblings` are the submodules of a package; `is_loose` where names may wait that are used in annotations of
    functions which are not evaluated with them.
    """

    def __init__(self, name, is_package, siblings=(), is_loose=False):
        self.name = name
        self.is_package = is_package
        self.package = name if is_package else name.rpartition(".")[0]
        self.siblings = frozenset(siblings)
        self.is_loose = is_loose


class Guards(ast.NodeTransformer):
    """Each use of a name that may not be bound yet becomes `(name if flag else resolve("name"))`."""

    def __init__(self, flags, resolve):
        self.flags = flags
        self.resolve = resolve
        self.local = frozenset()

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load) or node.id not in self.flags or node.id in self.local:
            return node

        def at(made):
            return ast.copy_location(made, node)

        call = ast.Call(func=at(ast.Name(self.resolve, ast.Load())), args=[at(ast.Constant(node.id))], keywords=[])
        return at(ast.IfExp(test=at(ast.Name(self.flags[node.id], ast.Load())), body=node, orelse=at(call)))

    def function(self, node):
        arguments = node.args
        arguments.defaults = [self.visit(each) for each in arguments.defaults]
        arguments.kw_defaults = [each and self.visit(each) for each in arguments.kw_defaults]
        if not isinstance(node, ast.Lambda):
            node.decorator_list = [self.visit(each) for each in node.decorator_list]
        around = self.local
        self.local = around | local_names(node)
        node.body = [self.visit(each) for each in node.body] if isinstance(node.body, list) else self.visit(node.body)
        self.local = around
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function

    def visit_AnnAssign(self, node):
        # The annotation may be kept as the text that it is here.
        node.target = self.visit(node.target)
        node.value = node.value and self.visit(node.value)
        return node


def head_length(tree):
    """Statements that have to stay first: the docstring and what is imported from the future."""
    length = 0
    for node in tree.body:
        is_doc = length == 0 and isinstance(node, ast.Expr) and isinstance(getattr(node.value, "value", None), str)
        if not is_doc and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            break
        length += 1
    return length


def plan_of(source, path, place, wants):
    """The parsed module and its plan. Raises SyntaxError."""
    tree = ast.parse(source, path)
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return tree, Plan(tree, Survey(tree, text, place.is_loose), place, wants)


def rewrite(source, path, place, wants):
    """(code, kept): the module's code, None where nothing in it waits, and what could not. Raises SyntaxError."""
    tree, plan = plan_of(source, path, place, wants)
    if not plan.waits:
        return None, plan.kept
    # A name of the module's own, so that a namespace copied into another one leaves that one's flags alone.
    prefix = f"_@{hash_of(path)}."
    flags = {name: f"{prefix}{at}" for at, wait in enumerate(plan.waits) for name in wait.names}
    guards = Guards(flags, prefix)
    head = head_length(tree)
    body = []
    for node in tree.body[head:]:
        is_hook = id(node) in plan.survey.hooks
        body.extend(pieces(plan, node, prefix) if id(node) in plan.parts else [guards.visit(node)])
        if is_hook:
            call = ast.Call(func=ast.Name(prefix, ast.Load()), args=[ast.Constant(None)], keywords=[])
            body.append(ast.copy_location(ast.Expr(call), node))
    tree.body = [*tree.body[:head], *prologue(plan, prefix, place.name), *body]
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True), plan.kept


def noted(source, path, _place, _wants):
    """The code of a module that tells when it has been run."""
    tree = ast.parse(source, path)
    told = ast.Call(func=ast.Attribute(value=ast.Constant(MARK), attr="was_run", ctx=ast.Load()), args=[], keywords=[])
    tree.body.append(ast.copy_location(ast.Expr(told), tree.body[-1]))
    return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True), []


def waiting(source, path, place, wants):
    """The imports that can wait, as (module, names taken from it or None), and what can't."""
    _, plan = plan_of(source, path, place, wants)
    return tuple({needs for wait in plan.waits for needs in wait.needs}), plan.kept


def hash_of(path):
    value = 0
    for character in path:
        value = (value * 31 + ord(character)) & 0xFFFFFFFF
    return f"{value:x}"


def pieces(plan, node, prefix):
    """An import statement in its place: what waits is imported here only where it turns out that it can't wait."""
    parts = plan.parts[id(node)]
    if all(at is None for at, _ in parts):
        return [node]
    made = []
    for at, piece in parts:
        if at is not None:
            piece = ast.If(test=ast.Name(f"{prefix}{at}", ast.Load()), body=[piece], orelse=[])
            ast.copy_location(piece.test, node)
            ast.copy_location(piece, node)
        made.append(piece)
    return made


def prologue(plan, prefix, name):
    """A function that carries out the imports, each by the statement that was written, and the call that hands it over."""
    made = ast.parse("def load(at):\n    pass")
    function = made.body[0]
    # No name that a module could bind.
    function.name = "<lazy import>"
    function.args.args[0].arg = "@at"
    names = sorted({each for wait in plan.waits for each in wait.names})
    function.body = [ast.Global(names=names)]
    for at, wait in enumerate(plan.waits):
        test = ast.Compare(left=ast.Name("@at", ast.Load()), ops=[ast.Eq()], comparators=[ast.Constant(at)])
        function.body.append(ast.If(test=test, body=list(wait.statements), orelse=[]))
    table = tuple((tuple(wait.names), tuple(wait.needs), wait.statements[0].lineno) for wait in plan.waits)
    begin = ast.Attribute(value=ast.Constant(MARK), attr="begin", ctx=ast.Load())
    arguments = [ast.Name(function.name, ast.Load()), ast.Constant((name, prefix, table))]
    return [function, ast.Expr(ast.Call(func=begin, args=arguments, keywords=[]))]
