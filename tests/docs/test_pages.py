"""The pages themselves: links lead somewhere, both READMEs say the same, ARCHITECTURE draws the tree that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.docs.pages import page, rows, sections, words
from tests.project.tree import PACKAGE, ROOT, core_packages

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"(?ms)^```.*?^```$")


def anchors(path: Path) -> set[str]:
    """The addresses that headings get."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    heads = re.findall(r"(?m)^#+ (.+)$", text)
    return {re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", head.lower()).strip()) for head in heads}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for target in LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


def test_the_two_readmes_have_the_same_parts_commands_and_links() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert len(re.findall(r"(?m)^#+ ", english)) == len(re.findall(r"(?m)^#+ ", chinese))

    def commands(text: str) -> list[list[str]]:
        blocks = re.findall(r"(?ms)^```sh\n(.*?)^```$", text)
        return [[line.partition("#")[0].strip() for line in block.splitlines()] for block in blocks]

    def links(text: str) -> list[str]:
        return [link for link in LINK.findall(text) if not link.startswith(("README", "docs/images"))]

    assert commands(english) == commands(chinese)
    assert sorted(links(english)) == sorted(links(chinese))


def test_architecture_draws_every_package_and_no_other() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tree = text.split("```")[1]
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    drawn_packages = set(re.findall(r"\b(\w+)/", tree)) - {"src", "metricloop"}
    assert there - drawn_packages == set(), "ARCHITECTURE.md lacks these"
    assert drawn_packages - there == set(), "these are gone"


def test_every_page_stands_in_the_navigation() -> None:
    navigation = str(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    named = set(re.findall(r"[\w./-]+\.md", navigation))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert there - named == set(), "mkdocs.yml, nav lacks these"
    assert named - there == set()


def test_every_decision_has_its_four_parts_and_a_number_of_its_own() -> None:
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert list(sections(text)) == ["Context", "Decision", "Consequences"], path.name
        assert re.search(r"(?m)^Date: \d{4}-\d\d-\d\d$", text), path.name


def test_every_public_noun_stands_in_the_glossary() -> None:
    named = {noun for cells in rows(page("glossary.md")).values() for noun in words(cells[1])}
    lacking = {}
    for package in sorted(core_packages()):
        model = PACKAGE / package / "model.py"
        if model.is_file():
            classes = [n for n in ast.parse(model.read_text(encoding="utf-8")).body if isinstance(n, ast.ClassDef)]
            nouns = {n.name for n in classes if any("dataclass" in ast.unparse(d) for d in n.decorator_list)}
            lacking[package] = sorted(noun for noun in nouns - named if not noun.startswith("_"))
    assert {package: nouns for package, nouns in lacking.items() if nouns} == {}, "docs/glossary.md, column In code"


def test_every_change_since_the_last_release_is_a_fragment_of_a_known_kind() -> None:
    kinds = {"added", "changed", "fixed", "removed", "security"}
    for path in (ROOT / "changelog.d").iterdir():
        if path.name != "README.md":
            assert re.fullmatch(rf"\+?[\w-]+\.({'|'.join(sorted(kinds))})\.md", path.name), path.name
