# /// script
# requires-python = ">=3.9"
# dependencies = ["rich>=13", "packaging>=24"]
# ///
"""Shows the environment this script got for itself, and what it costs on disk."""

import os
import platform
import sys
from importlib.metadata import distributions
from pathlib import Path

from packaging.version import Version
from rich.console import Console
from rich.table import Table


def cost(folder: Path) -> tuple[int, int]:
    """Files seen through the environment, and bytes that only this environment holds."""
    seen = own = 0
    for base, folders, files in os.walk(folder, followlinks=True):
        is_shared = any(parent.is_symlink() for parent in (Path(base), *Path(base).parents) if folder in parent.parents)
        seen += len(files)
        if not is_shared:
            own += sum((Path(base) / name).lstat().st_size for name in files if (Path(base) / name).lstat().st_nlink == 1)
    return seen, own


def main() -> None:
    site = Path(next(path for path in sys.path if path.endswith("site-packages")))
    table = Table(title=f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    table.add_column("package", style="bold")
    table.add_column("version", style="green")
    table.add_column("requires", style="dim", overflow="fold")
    found = sorted(distributions(path=[str(site)]), key=lambda dist: (dist.name.lower(), Version(dist.version)))
    for dist in found:
        needs = [text.split(";")[0].strip() for text in dist.requires or [] if "extra ==" not in text]
        table.add_row(dist.name, dist.version, ", ".join(needs))
    console = Console()
    console.print(table)
    seen, own = cost(site)
    console.print(f"{seen} files in this environment, {own / 1024:.0f}K of them its own; the rest is shared with every other one.")


if __name__ == "__main__":
    main()
