# Holds the rewriting to what the compiler says of scopes: for every module below the folders given, each use of a name that waits is
# guarded exactly where the name is the module's. Prints the number of imports looked at, and each difference.
import ast
import os
import symtable
import sys

space = {"__name__": "rewrite"}
exec(compile(open(sys.argv[1]).read(), sys.argv[1], "exec"), space)
CORE = {"typing", "types", "collections", "enum", "abc", "warnings", "dataclasses", "__future__"}


def uses(table, names):
    for symbol in table.get_symbols():
        if symbol.get_name() in names and symbol.is_referenced():
            yield table, symbol.get_name(), table.get_type() == "module" or symbol.is_global()
    for inner in table.get_children():
        if inner.get_type() in ("module", "function", "class"):
            yield from uses(inner, names)


looked_at = 0
for folder in sys.argv[2:]:
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if not name.endswith(".py"):
            continue
        source = open(path, "rb").read()
        place = space["Place"](name[:-3], False)
        tree, plan = space["plan_of"](source, path, place, lambda _, module, members: module.partition(".")[0] not in CORE)
        flags = {each: "FLAG_" + each for wait in plan.waits for each in wait.names}
        if not flags:
            continue
        looked_at += len(plan.waits)
        assert space["rewrite"](source, path, place, plan.wants)[0] is not None
        text = ast.unparse(ast.fix_missing_locations(space["Guards"](flags, "RESOLVE").visit(tree)))
        for table, used, is_global in uses(symtable.symtable(text, path, "exec"), set(flags)):
            if ("FLAG_" + used in table.get_identifiers()) != is_global:
                print(path, table.get_name(), table.get_lineno(), used, is_global)
print(looked_at)
