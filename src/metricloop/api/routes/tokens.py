"""API tokens of the caller."""

from __future__ import annotations

from fastapi import APIRouter

from metricloop.access import use_cases as access
from metricloop.access.model import ApiToken, Permission, Role
from metricloop.access.rules import permissions
from metricloop.api.auth import Reader, Running
from metricloop.api.schemas.session import NewToken, TokenBody, TokenRow

router = APIRouter(prefix="/tokens", tags=["tokens"])


def _row(token: ApiToken) -> TokenRow:
    return TokenRow(
        id=token.id,
        name=token.name,
        roles=[role.value for role in token.roles],
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
        sources=None if token.sources is None else list(token.sources),
    )


@router.get("")
def list_tokens(caller: Reader, system: Running) -> list[TokenRow]:
    """The caller's own tokens; their secrets are not kept."""
    with system.open_unit(write=False) as unit:
        return [_row(token) for token in unit.credentials.tokens(caller.person.id)]


@router.post("", status_code=201)
def make_token(body: TokenBody, caller: Reader, system: Running) -> NewToken:
    """A new token with some of the caller's roles. The secret is in this answer and nowhere else."""
    with system.open_unit() as unit:
        token, secret = access.issue_token(
            unit,
            caller,
            body.name,
            tuple(dict.fromkeys(Role(role) for role in body.roles)),
            expires_at=body.expires_at,
            secrets=system.secrets,
            at=system.wall_clock.now(),
            sources=body.sources,
        )
    return NewToken(**dict(_row(token)), secret=secret)


@router.delete("/{id}", status_code=204)
def delete_token(id: str, caller: Reader, system: Running) -> None:
    """Make a token worthless: one's own; an administrator anybody's."""
    manages = Permission.ACCESS_MANAGE in permissions(caller.roles)
    with system.open_unit() as unit:
        access.revoke_token(unit, caller, id, may_manage=manages, at=system.wall_clock.now())
