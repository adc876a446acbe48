# Where the statements of a module or class differ: which edits make the one of the other. Only what can be put in without running
# anything else again is an edit; everything else raises `Gone` with the reason.
import ast
import difflib

from _pybun_watch_classes import same_body
from _pybun_watch_codes import Gone, inner, is_function, pair_function

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)
PLAIN_DECORATORS = ("staticmethod", "classmethod", "property")


class Edit:
    """One thing to do to a namespace: `define`, `redefine`, `assign`, `delete`, `import`."""

    __slots__ = ("code", "kind", "name", "node", "old", "owner")

    def __init__(self, kind, name, node=None, code=None, old=None, owner=None):
        self.kind = kind
        self.name = name
        self.node = node
        self.code = code
        self.old = old
        self.owner = owner  # names of the classes around it, outermost first


class Difference:
    """What changes from one version of a file to the next."""

    def __init__(self):
        self.edits = []
        self.pairs = []
        self.kept = []  # statements that stay, where something else in their scope does not
        self.moved = []  # (name, codes) of what is defined elsewhere in its scope than before
        self.old_lines = []
        self.new_lines = []


class Scope:
    """A module or class body in one version: statements, their text, and the codes made of them."""

    def __init__(self, body, lines, code):
        self.body = body
        self.spans = [(first_line(node), node.end_lineno) for node in body]
        self.texts = ["\n".join(lines[first - 1 : last]) for first, last in self.spans]
        self.codes = [[] for _ in body]
        for (_, last), (first, _) in zip(self.spans, self.spans[1:]):
            if first <= last:
                raise Gone("line %d holds two statements" % first)
        for one in inner(code):
            place = next((i for i, (a, b) in enumerate(self.spans) if a <= one.co_firstlineno <= b), None)
            if place is None:
                raise Gone("what is made at line %d can't be told apart" % one.co_firstlineno)
            self.codes[place].append(one)


def first_line(node):
    return min([node.lineno] + [one.lineno for one in getattr(node, "decorator_list", ())])


def parsed(source):
    text = source.decode("utf-8") if isinstance(source, bytes) else source
    return ast.parse(source), text.splitlines()


def difference(old, new):
    """`old` and `new` are (source, code) of a module."""
    found = Difference()
    (old_tree, found.old_lines), (new_tree, found.new_lines) = parsed(old[0]), parsed(new[0])
    compare(Scope(old_tree.body, found.old_lines, old[1]), Scope(new_tree.body, found.new_lines, new[1]), (), found)
    return found


def compare(old, new, owner, found):
    """Statements that read the same stand for each other; of the rest, those that define the same name."""
    before, after, together = [], [], []
    edits, moved = len(found.edits), len(found.moved)
    matcher = difflib.SequenceMatcher(None, old.texts, new.texts, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            together += zip(range(i, j), range(k, m))
            for a, b in zip(range(i, j), range(k, m)):
                same_statement(old.codes[a], new.codes[b], found)
                found.kept.append(new.body[b])
        else:
            before.extend(range(i, j))
            after.extend(range(k, m))
    left = {}
    for index in after:
        left.setdefault(identity(new.body[index]), []).append(index)
    for index in before:
        node = old.body[index]
        counterparts = left.get(identity(node))
        if counterparts:
            at = counterparts.pop(0)
            if any((index < a) != (at < b) for a, b in together):
                move(node, old.codes[index], owner, found)
            together.append((index, at))
            change((node, old.codes[index]), (new.body[at], new.codes[at]), owner, found)
        else:
            remove(node, owner, found)
    for indices in left.values():
        for at in indices:
            add(new.body[at], new.codes[at], owner, found)
    before, after = bindings(old.body), bindings(new.body)
    for edit in found.edits[edits:]:
        if edit.owner == owner:
            bound_once(edit, before, after)
    for name, _ in found.moved[moved:]:
        if after.count(name) > 1:
            raise Gone("%s is bound more than once" % place(owner, name))


def move(node, codes, owner, found):
    """Only what has no part in anything else while the module is loaded may stand in another place."""
    kind, name = identity(node)
    if kind == "function":
        if node.decorator_list:
            raise Gone("%s moved, which is decorated" % place(owner, name))
        pure_signature(node, owner)
        found.moved.append((name, codes))
    elif isinstance(node, IMPORTS):
        found.moved += [(one, ()) for one in imported(node)]
    elif kind != "constant":
        raise Gone("%s moved" % described(node, owner))


def bound_once(edit, before, after):
    """A name that is bound in several places has the value of the last that ran, which is not known here."""
    is_new = edit.kind in ("define", "import") or (edit.kind == "assign" and edit.old[0] is None)
    if before.count(edit.name) != (0 if is_new else 1) or after.count(edit.name) != (0 if edit.kind == "delete" else 1):
        raise Gone("%s is bound more than once" % place(edit.owner, edit.name))


def bindings(body):
    """The names that statements bind in their own scope, once for each time."""
    names = []
    left = list(body)
    while left:
        node = left.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            names.append(node.name)
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.append(node.id)
        elif isinstance(node, ast.alias):
            names.append(node.asname or node.name.partition(".")[0])
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.append(node.name)
        if not isinstance(node, ast.Lambda):
            left.extend(ast.iter_child_nodes(node))
    return names


def same_statement(old_codes, new_codes, found):
    if len(old_codes) != len(new_codes):
        raise Gone("what is made of a statement can't be told apart")
    for old, new in zip(old_codes, new_codes):
        pair_anything(old, new, found)


def pair_anything(old, new, found):
    if is_function(old):
        pair_function(old, new, found.pairs)
    elif not same_bodies(old, new):
        raise Gone("the body of %s changed" % old.co_name)
    else:
        for one, other in zip(inner(old), inner(new)):
            pair_anything(one, other, found)


def same_bodies(old, new):
    """Whether a class body and those of the classes in it do the same."""
    if not same_body(old, new):
        return False
    return all(is_function(one) or same_bodies(one, other) for one, other in zip(inner(old), inner(new)))


def identity(node):
    if isinstance(node, FUNCTIONS):
        return ("function", node.name)
    if isinstance(node, ast.ClassDef):
        return ("class", node.name)
    name = assigned(node)
    if name is not None:
        return ("constant", name)
    return ("other", ast.dump(node))


def assigned(node):
    """The name that a plain assignment of a literal binds."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def place(owner, name):
    return ".".join((*owner, name))


def change(old, new, owner, found):
    (node, codes), (other, other_codes) = old, new
    kind, name = identity(node)
    if kind == "function":
        change_function(old, new, owner, found)
    elif kind == "class":
        change_class(old, new, owner, found)
    elif kind == "constant":
        found.edits.append(
            Edit("assign", name, other, old=((literal(node, owner),), (literal(other, owner),)), owner=owner),
        )
    else:
        # The same, elsewhere or written otherwise: what it does may depend on where it stands.
        if not isinstance(node, IMPORTS):
            raise Gone("a statement moved at line %d" % other.lineno)
        same_statement(codes, other_codes, found)
        found.kept.append(other)


def change_function(old, new, owner, found):
    (node, codes), (other, other_codes) = old, new
    name = place(owner, node.name)
    if dumps(node.decorator_list) != dumps(other.decorator_list):
        raise Gone("the decorators of %s changed" % name)
    if type(node) is not type(other):
        raise Gone("%s became another kind of function" % name)
    if signature(node) == signature(other):
        same_statement(codes, other_codes, found)
        found.kept.append(header(other))
        return
    if node.decorator_list:
        raise Gone("the signature of %s changed, which is decorated" % name)
    only_one(other, other_codes, owner)
    pure_signature(other, owner)
    if len(codes) != 1:
        raise Gone("the signature of %s changed" % name)
    pair_function(codes[0], other_codes[0], found.pairs)
    found.edits.append(Edit("redefine", node.name, other, other_codes[0], old=codes[0], owner=owner))


def change_class(old, new, owner, found):
    (node, codes), (other, other_codes) = old, new
    name = place(owner, node.name)
    heads = [(dumps(one.bases), dumps(one.keywords), dumps(one.decorator_list), dumps(params(one))) for one in (node, other)]
    if heads[0] != heads[1]:
        raise Gone("the bases or decorators of %s changed" % name)
    if len(codes) != 1 or len(other_codes) != 1:
        raise Gone("%s changed in a way that can't be told apart" % name)
    if same_bodies(codes[0], other_codes[0]):
        pair_anything(codes[0], other_codes[0], found)
        found.kept.append(other)
        return
    edits = len(found.edits)
    found.kept.append(ast.Expr(ast.Tuple([*other.bases, *(one.value for one in other.keywords), *other.decorator_list], ast.Load())))
    compare(
        Scope(node.body, found.old_lines, codes[0]),
        Scope(other.body, found.new_lines, other_codes[0]),
        (*owner, node.name),
        found,
    )
    if node.decorator_list and len(found.edits) > edits:
        raise Gone("the body of %s changed, which is decorated" % name)


def remove(node, owner, found):
    kind, name = identity(node)
    if kind == "function" and not node.decorator_list:
        found.edits.append(Edit("delete", name, owner=owner))
    elif isinstance(node, IMPORTS) and not owner:
        for one in imported(node):
            found.edits.append(Edit("delete", one, owner=owner, old="import"))
    else:
        raise Gone("%s is gone" % described(node, owner))


def add(node, codes, owner, found):
    kind, name = identity(node)
    if kind == "function":
        plain = [one for one in node.decorator_list if not (isinstance(one, ast.Name) and one.id in PLAIN_DECORATORS)]
        if plain or (node.decorator_list and not owner):
            raise Gone("%s is new and decorated" % place(owner, name))
        only_one(node, codes, owner)
        pure_signature(node, owner)
        found.edits.append(Edit("define", name, node, codes[0], owner=owner))
    elif kind == "constant":
        found.edits.append(Edit("assign", name, node, old=(None, (literal(node, owner),)), owner=owner))
    elif isinstance(node, IMPORTS) and not owner:
        for one in imported(node):
            found.edits.append(Edit("import", one, node, owner=owner))
    else:
        raise Gone("%s is new" % described(node, owner))


def described(node, owner):
    kind, name = identity(node)
    if kind == "other":
        return "a statement of %s" % (".".join(owner) or "the module")
    return place(owner, name)


def imported(node):
    if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or any(one.name == "*" for one in node.names)):
        raise Gone("an import of everything or of the future changed")
    return [one.asname or one.name.partition(".")[0] for one in node.names]


def dumps(nodes):
    return [ast.dump(one) for one in nodes]


def params(node):
    return getattr(node, "type_params", [])


def signature(node):
    return (ast.dump(node.args), node.returns and ast.dump(node.returns), dumps(params(node)))


def header(node):
    """The parts of a function that run where it is defined, as a statement."""
    parts = [*node.decorator_list, *annotations(node.args), *defaults(node.args)]
    if node.returns is not None:
        parts.append(node.returns)
    return ast.Expr(ast.Tuple(parts, ast.Load()))


def annotations(args):
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    return [one.annotation for one in every if one is not None and one.annotation is not None]


def defaults(args):
    return [*args.defaults, *(one for one in args.kw_defaults if one is not None)]


def only_one(node, codes, owner):
    if len(codes) != 1 or not is_function(codes[0]) or codes[0].co_name != node.name or params(node):
        raise Gone("%s is made of more than its body" % place(owner, node.name))


def pure_signature(node, owner):
    for one in defaults(node.args):
        if not is_literal(one):
            raise Gone("a default of %s is computed" % place(owner, node.name))
    for one in [*annotations(node.args), *([node.returns] if node.returns else [])]:
        if any(isinstance(part, (ast.Call, ast.Await, ast.NamedExpr, ast.Lambda)) for part in ast.walk(one)):
            raise Gone("an annotation of %s is computed" % place(owner, node.name))


def is_literal(node):
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        return False
    return True


def literal(node, owner):
    if not is_literal(node.value):
        raise Gone("%s is computed" % place(owner, assigned(node)))
    return ast.literal_eval(node.value)


class Reads(ast.NodeVisitor):
    """The names that statements look at while their module is loaded: not those that functions look at when they run."""

    def __init__(self):
        self.names = set()

    def visit_FunctionDef(self, node):
        for part in (*node.decorator_list, *annotations(node.args), *defaults(node.args), node.returns):
            if part is not None:
                self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        for part in defaults(node.args):
            self.visit(part)

    def visit_Name(self, node):
        if isinstance(node.ctx, (ast.Load, ast.Del)):
            self.names.add(node.id)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.names.add(node.target.id)
        else:
            self.visit(node.target)

    def visit_Attribute(self, node):
        self.names.add(node.attr)
        self.visit(node.value)

    def visit_Constant(self, node):
        # A name may be reached by its text, as `__all__` and annotations do.
        if type(node.value) is str and node.value.isidentifier():
            self.names.add(node.value)


def reads(statements):
    found = Reads()
    for one in statements:
        found.visit(one)
    return found.names
