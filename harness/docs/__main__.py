"""`python -m harness.docs`: write the written parts again. `make docs` calls it."""

import sys
from pathlib import Path

from harness.docs.markdown import placed
from harness.docs.pages import PAGES, PARTS

ROOT = Path(__file__).parent.parent.parent


def due(root: Path = ROOT) -> dict[str, str]:
    """Every file that is written, in whole or in part, with what it must hold."""
    files = {path: write() for path, write in PAGES.items()}
    for path, parts in PARTS.items():
        document = (root / path).read_text(encoding="utf-8")
        for name, write in parts.items():
            document = placed(document, name, write())
        files[path] = document
    return files


def main() -> None:
    """Write what has changed, and say which files those are."""
    for path, content in due().items():
        file = ROOT / path
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
            sys.stdout.write(f"written: {path}\n")


if __name__ == "__main__":
    main()
