"""How long files and functions may be, and that no module imports itself in a circle."""

import ast
import statistics
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("engine", "simulators", "harness")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def functions(path: Path) -> list[tuple[str, int]]:
    """Functions with their lengths: the lines of the body, without docstring and signature."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", length(node)) for node in found]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1


def ninth_decile(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[8]


def test_files_are_short():
    lengths = {str(path.relative_to(ROOT)): lines(path) for path in FILES}
    assert {name: found for name, found in lengths.items() if found > LONGEST_FILE} == {}
    assert statistics.median(lengths.values()) <= 80
    assert ninth_decile(list(lengths.values())) <= 200


def test_functions_are_short():
    lengths = dict(pair for path in FILES for pair in functions(path))
    assert {name: found for name, found in lengths.items() if found > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= 6
    assert ninth_decile(list(lengths.values())) <= 25


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_imports_itself_in_a_circle(package):
    graph = grimp.build_graph(package, cache_dir=None)
    circles = [
        (module, imported)
        for module in graph.modules
        for imported in graph.find_modules_directly_imported_by(module)
        if graph.chain_exists(imported, module)
    ]
    assert circles == []
