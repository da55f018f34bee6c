"""Log-in, API tokens, people and teams."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from metricloop.api.schemas.shared import Line, LocalText, Shape

Role = Literal["viewer", "responder", "owner", "steward", "administrator", "auditor"]


class LoginBody(Shape):
    username: Line
    password: Annotated[str, StringConstraints(max_length=1024)]


class LoginLinkBody(Shape):
    """The secret of a log-in link; it works once and only from this computer."""

    link: Line


class Me(Shape):
    id: str
    name: str
    roles: list[Role]
    language: Literal["zh", "en"]
    timezone: str  # the project's: what has no zone of its own is shown in it
    permissions: list[str]  # what the buttons may offer, e.g. "incident.handle", "proposal.decide"


class LanguageBody(Shape):
    language: Literal["zh", "en"]


class TokenBody(Shape):
    name: Line
    roles: Annotated[list[Role], Field(max_length=6)]
    expires_at: AwareDatetime | None = None
    sources: Annotated[list[Line], Field(min_length=1, max_length=50)] | None = None  # only to push records to these


class TokenRow(Shape):
    id: str
    name: str
    roles: list[Role]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    sources: list[str] | None = None


class NewToken(TokenRow):
    secret: str  # shown this one time


class Contact(Shape):
    channel: str
    address: str
    verified: bool


class PersonRow(Shape):
    id: str
    name: str
    language: Literal["zh", "en"]
    roles: list[Role]
    teams: list[str]
    contacts: list[Contact]
    scripted: bool
    open_incidents: int
    owns: list[dict[str, str]]  # slices this person is responsible for


class TeamRow(Shape):
    id: str
    label: LocalText
    members: list[str]
