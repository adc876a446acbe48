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
    """Files seen through the environment, and bytes on disk that only this environment takes."""
    seen = own = 0
    for base, _, files in os.walk(folder, followlinks=True):
        seen += len(files)
        if any(parent.is_symlink() for parent in (Path(base), *Path(base).parents) if folder in parent.parents):
            continue
        mine = [Path(base), *(path for path in map(Path(base).joinpath, files) if path.lstat().st_nlink == 1)]
        own += sum(512 * path.lstat().st_blocks for path in mine)
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
    console.print(f"{seen} files in this environment, which takes {own / 1024:.0f}K of its own; the rest is shared with every other one.")


if __name__ == "__main__":
    main()
