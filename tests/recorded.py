"""The names that the source gives to events and letters, found by reading it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("program", "cohorts", "playbooks", "web", "workers")


def names_given_to(function: str, argument: int | str) -> set[str]:
    """Regular expressions for what every call of `function` in the source passes as this argument."""
    return {
        pattern
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for pattern in _in_module(ast.parse(path.read_text()), function, argument, path)
    }


def _in_module(module: ast.Module, function: str, argument: int | str, path: Path) -> Iterator[str]:
    for scope in ast.walk(module):
        if isinstance(scope, ast.AsyncFunctionDef | ast.FunctionDef):
            assigned = {
                target.id: node.value
                for node in ast.walk(scope)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(scope):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id == function
                ):
                    for name in _names(_passed(call, argument), assigned):
                        assert name, f"{path}, line {call.lineno}: say here which name it is"
                        yield name


def _passed(call: ast.Call, argument: int | str) -> ast.expr:
    if isinstance(argument, int):
        return call.args[argument]
    return next(keyword.value for keyword in call.keywords if keyword.arg == argument)


def _names(value: ast.expr, assigned: dict[str, ast.expr]) -> list[str]:
    """What an expression can be, as regular expressions; an empty one where it cannot be told."""
    match value:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.IfExp(body=one, orelse=other):
            return _names(one, assigned) + _names(other, assigned)
        case ast.Name(id=name) if name in assigned:
            return _names(assigned[name], assigned)
        case ast.JoinedStr(values=parts):
            told = [
                _names(part, assigned)[0] if isinstance(part, ast.Constant) else "[a-z_]+" for part in parts
            ]
            return ["".join(told)]
        case _:
            return [""]
