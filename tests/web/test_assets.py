"""What a browser gets from us: vendored files are the ones we checked, with their licences, and the first load stays light."""

import hashlib
import json
import re
from pathlib import Path

import web
from tests.cast import Browser, a_program, an_owner

STATIC = Path(web.__file__).parent / "static"
TEMPLATES = STATIC.parent / "templates"
MANIFEST: dict[str, dict[str, str]] = json.loads((STATIC / "manifest.json").read_text())
OURS = {"pilotage.css", "pilotage.js", "mark.svg", "manifest.json"}
FIRST_LOAD = (
    "vendor/htmx-2.0.11.min.js",
    "vendor/basecoat-1.0.2.min.css",
    "vendor/inter-5.3.0-latin.woff2",
    "vendor/source-serif-4-5.3.1-latin.woff2",
    "pilotage.css",
    "pilotage.js",
    "icons.svg",
    "mark.svg",
)


def test_every_file_in_static_is_ours_or_in_the_manifest() -> None:
    licences = {entry["licence_text"] for entry in MANIFEST.values()}
    found = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert found == OURS | set(MANIFEST) | licences


def test_every_vendored_file_has_the_hash_that_was_checked() -> None:
    hashes = {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in MANIFEST}
    assert hashes == {name: entry["sha256"] for name, entry in MANIFEST.items()}


def test_every_vendored_file_names_its_package_version_and_licence() -> None:
    for name, entry in MANIFEST.items():
        assert set(entry) == {"sha256", "package", "version", "licence", "licence_text"}, name
        assert all(entry.values()), name
        assert (STATIC / entry["licence_text"]).stat().st_size > 300, name
        assert name == "icons.svg" or entry["version"] in name


async def test_the_first_load_stays_within_its_weight(browser: Browser) -> None:
    owner = await an_owner()
    await a_program(owner)
    await browser.sign_in(owner)
    addresses = ["/programs/employee-voices", *(f"/static/{name}" for name in FIRST_LOAD)]
    loaded = [
        (await browser.client.get(address, headers={"Accept-Encoding": "gzip"})) for address in addresses
    ]
    assert [answer.status_code for answer in loaded] == [200] * len(addresses)
    assert sum(answer.num_bytes_downloaded for answer in loaded) <= 170_000


def test_templates_carry_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    bare = {
        path: re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        for path in TEMPLATES.rglob("*.html")
    }
    assert {str(path) for path, text in bare.items() if inline.search(text)} == set()


def test_every_icon_a_template_names_stands_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text()))
    asked = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"\bicon\('([a-z0-9-]+)'", path.read_text())
    }
    assert asked - drawn == set()


def test_the_style_sheet_asks_only_for_files_that_are_here() -> None:
    asked = re.findall(r"url\(([^)\"']+)\)", (STATIC / "pilotage.css").read_text())
    assert asked
    assert [name for name in asked if not (STATIC / name).is_file()] == []
