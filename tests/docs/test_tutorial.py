"""What the tutorial tells a reader to click is written so on the pages."""

from __future__ import annotations

import json
import re

from tests.docs.pages import page
from tests.project.tree import ROOT


def test_every_bold_word_of_the_first_incident_stands_on_a_page() -> None:
    files = (ROOT / "ui/src/i18n/en").glob("*.json")
    shown = [str(text) for file in files for text in json.loads(file.read_text(encoding="utf-8")).values()]
    bold = re.findall(r"\*\*([^*]+)\*\*", page("tutorial/first-incident.md"))
    lacking = [said for said in bold if not any(text.startswith(said.rstrip("…")) for text in shown)]
    assert lacking == [], "docs/tutorial/first-incident.md names these; ui/src/i18n/en has no such words"
