"""The pictures of docs/tutorial/your-own-data.md: `python -m tests.browser.pictures` draws them anew into docs/images.

A server over an empty project, and the weather of Seattle from the package vega_datasets, taken through the wizard.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from metricloop.bootstrap.projects import apply
from tests.browser.site import ROOT, Server, Visitor, launch_options
from tests.browser.world import World

IMAGES = ROOT / "docs" / "images"
WIDE, HIGH = 1120, 1060
PROJECT = """project: weather
timezone: America/Los_Angeles
people:
  - {id: you, name: Your name, language: LANGUAGE, roles: [administrator], contacts: [{channel: out, address: you}]}
channels:
  - {name: out, plugin: console}
assignment: {fallback: you, acknowledge_within: 30m, resolve_within: 24h}
"""


def weather() -> Path:
    """The file, where the package lies; the package itself is not imported."""
    found = importlib.util.find_spec("vega_datasets")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(next(iter(found.submodule_search_locations))) / "_data" / "seattle-weather.csv"


def draw(page: Page, server: Server, language: str) -> None:
    visitor = Visitor(page, server)
    visitor.enter("you")
    visitor.go("/setup")
    visitor.part("setup-file").set_input_files(weather())
    expect(visitor.part("metric-precipitation")).to_be_visible()
    page.screenshot(path=IMAGES / f"setup-proposal.{language}.png")
    visitor.click("setup-next")
    expect(visitor.part("setup-numbers").locator(".chart svg").first).to_be_visible()
    page.set_viewport_size({"width": WIDE, "height": 800})
    page.screenshot(path=IMAGES / f"setup-numbers.{language}.png")


def main(languages: Sequence[str] = ("en", "zh")) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        for language in languages:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                world = World(folder / "project", folder / "state.db")
                world.project.mkdir()
                text = PROJECT.replace("LANGUAGE", language)
                (world.project / "metricloop.yml").write_text(text, encoding="utf-8")
                apply(world.project, str(world.database), by="pictures")
                server = Server(world)
                server.start()
                try:
                    context = browser.new_context(
                        viewport={"width": WIDE, "height": HIGH}, locale=language, reduced_motion="reduce"
                    )
                    draw(context.new_page(), server, language)
                finally:
                    server.stop()
        browser.close()


if __name__ == "__main__":
    main()
