"""What the system has to say, as a code and parameters; doors and `notify` make sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Param = str | int | float | bool | None | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message code with its parameters; every code stands in `docs/reference/messages.md`."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Text:
    """A text that a project's author wrote, in Chinese, English or both."""

    zh: str | None = None
    en: str | None = None

    def best(self, language: str, fallback: str = "") -> str:
        """The text in `language`, else the other language, else `fallback`."""
        first, second = (self.zh, self.en) if language == "zh" else (self.en, self.zh)
        return first or second or fallback

    def both(self) -> dict[str, str]:
        """The languages it is written in, as a message's parameter: whoever reads the message makes the choice."""
        return {language: text for language, text in (("zh", self.zh), ("en", self.en)) if text}
