"""The project's own code as syntax trees, for tests of rules that no single test can see."""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("config", "privacy", "consent", "requests", "retention", "demo")

Finder = Callable[[ast.AST], Iterator[ast.AST]]


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """Path within the project and syntax tree of every module but migrations."""
    files = [PROJECT / "manage.py", *(file for folder in FOLDERS for file in sorted((PROJECT / folder).rglob("*.py")))]
    return {
        str(file.relative_to(PROJECT)): ast.parse(file.read_text())
        for file in files
        if "migrations" not in file.relative_to(PROJECT).parts
    }


def places(finder: Finder, *, within: tuple[str, ...] = ("",), but: tuple[str, ...] = ()) -> list[str]:
    """Where the finder finds something: `path:line` of modules that begin with one of `within` and none of `but`."""
    return [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        if path.startswith(within) and not path.startswith(but or ("\0",))
        for node in finder(tree)
    ]


def found_in(finder: Finder, sample: str) -> int:
    """How often the finder finds something in a sample of code."""
    return len(list(finder(ast.parse(sample))))
