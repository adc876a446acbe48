# The filter for interpreters that have lazy imports of their own, with a stand-in for such a `sys`. Prints what it answers.
import json
import os
import sys

runtime, rewriter, folder = sys.argv[1:4]
space = {"__name__": "runtime"}
exec(compile(open(runtime).read(), runtime, "exec"), space)
sys.path.insert(0, folder)


class System:
    modules = sys.modules
    mode = None

    def set_lazy_imports(self, mode):
        self.mode = mode

    def set_lazy_imports_filter(self, wanted):
        self.wanted = wanted


config = {
    "mode": "all",
    "allow": [],
    "core": ["typing"],
    "deny": ["string", "app:glob"],
    "importers": ["first-party"],
    "fallback": True,
    "log": False,
    "cache": os.path.join(folder, "cache"),
    "policy": "p",
    "rewriter": open(rewriter).read(),
    "process": 0,
}
system = System()
space["start_native"](space["Lazy"](config), system)
for name in ("app", "pack", "pack.sub"):
    module = type(sys)(name)
    path = os.path.join(folder, name.replace(".", "/") + ".py")
    if name == "pack":
        path = os.path.join(folder, "pack", "__init__.py")
        module.__path__ = [os.path.dirname(path)]
    module.__file__ = path
    sys.modules[name] = module
asked = json.loads(sys.argv[4])
print(json.dumps([system.mode, *[system.wanted(*each) for each in asked]]))
