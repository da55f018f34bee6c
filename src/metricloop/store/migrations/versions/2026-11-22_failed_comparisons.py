"""When the last comparison of a dataset's history failed, and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5c0e7f9b21d4"
down_revision = "1da4aa8c42a1"
branch_labels = None
depends_on = None

TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True, precision=6), "postgresql")
JSON = sa.Text().with_variant(postgresql.JSON(), "postgresql")


def upgrade() -> None:
    op.add_column("collections", sa.Column("reconcile_failed_at", TIME))
    op.add_column("collections", sa.Column("reconcile_failure", JSON))
