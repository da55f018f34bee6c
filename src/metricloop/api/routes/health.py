"""Whether the server lives, and whether its loop turns."""

from __future__ import annotations

from fastapi import APIRouter, Response

from metricloop.api.auth import Running

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz(response: Response, system: Running) -> dict[str, str]:
    """Needs no log-in, and says nothing about data. 503 while the loop stands still, with the kind of trouble; what it
    is in words stands in the log and on the pages of who is logged in."""
    trouble = system.trouble()
    if trouble is None:
        return {"status": "ok"}
    response.status_code = 503
    return {"status": "stuck", "code": trouble.code}
