"""The limits of docs/architecture: lines a module, a function, a template; our own CSS and JS."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "jiandu"
MODULE, FUNCTION, VIEW, TEMPLATE, CSS, JS = 400, 40, 25, 120, 700, 900


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def modules() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        if lines_of(path) > MODULE:
            yield f"{path.relative_to(ROOT)}: {lines_of(path)} lines, at most {MODULE}"
        yield from functions(path)


def functions(path: Path) -> Iterator[str]:
    limit = VIEW if "views" in path.parts else FUNCTION
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > limit:
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {length} lines, at most {limit}"


def files() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.html")):
        if lines_of(path) > TEMPLATE:
            yield f"{path.relative_to(ROOT)}: {lines_of(path)} lines, at most {TEMPLATE}"
    for ending, limit in (("css", CSS), ("js", JS)):
        own = [path for path in SOURCE.rglob(f"*.{ending}") if "kit" not in path.parts]
        total = sum(lines_of(path) for path in own)
        if total > limit:
            yield f"own .{ending}: {total} lines, at most {limit}"


def main() -> int:
    problems = [*modules(), *files()]
    for problem in problems:
        print(problem)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
