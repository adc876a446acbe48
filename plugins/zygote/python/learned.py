"""Which libraries the programs of an environment use: what the next server loads ahead."""

import os

# What would be loaded ahead for a program that is seen once counts as much as for one that is run all day.
_MOST_MODULES = 4000
_RUNS_BETWEEN = 16


class Learned:
    """A text file: a module per line in the order of their import; `! name reason` for one that may not be loaded ahead."""

    def __init__(self, file):
        self._file = file
        self.modules = []
        self._refused = {}
        self._runs = {}
        try:
            with open(file, encoding="utf-8") as lines:
                for line in lines.read().splitlines():
                    if line.startswith("! "):
                        name, _, reason = line[2:].partition(" ")
                        self._refused[name] = reason
                    else:
                        self.modules.append(line)
        except OSError:
            pass
        self._known = set(self.modules)

    def wants(self, entry):
        """Whether a program's modules are to be learned in this run: the first, and then now and again, as programs change."""
        return self._runs.get(entry, 0) % _RUNS_BETWEEN == 0

    def count(self, entry):
        if entry in self._runs:
            self._runs[entry] += 1

    def take(self, report, entry):
        """What a program has reported, but for what is known; kept for the next server as well."""
        try:
            with open(report, encoding="utf-8") as file:
                names = file.read().split()
            os.unlink(report)
        except OSError:
            return []
        self._runs[entry] = 1
        fresh = [name for name in names if name not in self._known and not self._is_refused(name)]
        fresh = fresh[: _MOST_MODULES - len(self.modules)]
        if fresh:
            self.modules += fresh
            self._known.update(fresh)
            self._write()
        return fresh

    def refuse(self, name, reason):
        """With the package a module is in: its other modules would do the same."""
        self._refused[name.partition(".")[0]] = reason
        self.modules = [other for other in self.modules if not self._is_refused(other)]
        self._write()

    def _is_refused(self, name):
        return name.partition(".")[0] in self._refused

    def _write(self):
        lines = self.modules + [f"! {name} {reason}" for name, reason in self._refused.items()]
        fresh = f"{self._file}.{os.getpid()}"
        with open(fresh, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
        os.rename(fresh, self._file)
