"""Imports run downwards only, rules are pure, and every room keeps to its four kinds of file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "program": set(),
    "cohorts": {"program"},
    "playbooks": {"program", "cohorts"},
    "web": {"program", "cohorts", "playbooks"},
    "workers": {"program", "cohorts", "playbooks"},
}
NOT_IN_RULES = {
    "piccolo",
    "litestar",
    "asyncpg",
    "os",
    "time",
    "jinja2",
    "babel",
    "gettext",
    "secrets",
    "random",
    "asyncio",
}
MAY_IMPORT = {
    "rules": {"rules"},
    "tables": {"tables"},
    "words": {"rules", "words"},
    "queries": {"rules", "tables", "queries"},
    "actions": {"rules", "tables", "queries", "actions", "words"},
}
MODULES = sorted(
    path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
)


def _imports(path: Path) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, []) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say which room it comes from"
            yield str(node.module), [alias.name for alias in node.names]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards_only(path: Path) -> None:
    floor = path.relative_to(ROOT).parts[0]
    reached = {module.split(".")[0] for module, _ in _imports(path)} & set(FLOORS)
    assert reached <= FLOORS[floor] | {floor}


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.name == "rules.py"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_rules_are_pure(path: Path) -> None:
    for module, names in _imports(path):
        top = module.split(".")[0]
        assert top not in NOT_IN_RULES, module
        if top in FLOORS:
            assert module.endswith(".rules"), f"{module}: rules know values and other rules only"
        assert not (module == "datetime" and "now" in names)
    source = path.read_text()
    for clock in ("datetime.now", "date.today", "utcnow", "time.time"):
        assert clock not in source


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in MODULES
        if path.stem in MAY_IMPORT and path.relative_to(ROOT).parts[0] in ("program", "cohorts", "playbooks")
    ],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_within_the_floors_rules_come_before_tables_before_queries_before_actions(path: Path) -> None:
    for module, _ in _imports(path):
        parts = module.split(".")
        if parts[0] in FLOORS and len(parts) >= 3:
            kind = parts[-1]
            assert kind not in MAY_IMPORT or kind in MAY_IMPORT[path.stem], module


def test_nobody_imports_piccolo_conf() -> None:
    assert not [
        path for path in MODULES if any(module == "program.piccolo_conf" for module, _ in _imports(path))
    ]


def test_the_top_level_is_as_the_customer_fixed_it() -> None:
    fixed = {"pyproject.toml", "program", "cohorts", "playbooks", "web", "workers", "tests", "README.md"}
    needed = {"Makefile", "LICENSE", "requirements.lock", "requirements-test.lock"}
    made = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    made -= {name for name in made if name.endswith(".egg-info") or name in ("build", "test-artifacts")}
    assert made - needed == fixed
