"""Whether the server lives."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Answers as long as the process serves; says nothing about data, and needs no log-in."""
    return {"status": "ok"}
