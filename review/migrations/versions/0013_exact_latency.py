"""Times are counted by the millisecond, so that percentiles are exact; until now they were counted in classes.

Turns that were counted before count at the upper edge of their class, as pages showed them: `review_state` says from
which day on times are exact.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

EDGES_MS = (10, 15, 20, 30, 45, 65, 100, 150, 225, 340, 500, 750, 1100, 1700, 2500, 5000)
SLOWER_MS = 5001  # of the last class, which had no edge
KEYS = ("day", "model", "knowledge")


def upgrade() -> None:
    """Make the table, fill it from the two that it replaces, and drop these."""
    made = op.create_table(
        "review_latency",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("knowledge", sa.String(length=64), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "model", "knowledge", "ms"),
    )
    database = op.get_bind()
    counted = _counted(database)
    if counted:
        rows = [{**dict(zip((*KEYS, "ms"), key)), "turns": turns} for key, turns in counted.items()]
        database.execute(made.insert(), rows)
        exact_from = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1)
        state = sa.table("review_state", sa.column("key", sa.String()), sa.column("value", sa.JSON()))
        database.execute(state.insert().values(key="latency_exact_from", value=exact_from.isoformat()))
    op.drop_table("review_version_latency")
    op.drop_table("review_latency_count")


def _counted(database: sa.engine.Connection) -> dict[tuple[object, ...], int]:
    """(day, model, knowledge, ms) → turns; those of before versions were counted have empty ones."""
    days, versions = (
        _table("review_latency_count", "edge", "turns"),
        _table("review_version_latency", *KEYS[1:], "edge", "turns"),
    )
    found: dict[tuple[object, ...], int] = {}
    rest: dict[tuple[object, int], int] = {}
    for day, edge, turns in database.execute(sa.select(*days.c)):
        rest[day, edge] = turns
    for day, model, knowledge, edge, turns in database.execute(sa.select(*versions.c)):
        found[day, model, knowledge, _ms(edge)] = turns
        rest[day, edge] = rest.get((day, edge), 0) - turns
    for (day, edge), turns in rest.items():
        if turns > 0:
            key = (day, "", "", _ms(edge))
            found[key] = found.get(key, 0) + turns
    return found


def _table(name: str, *columns: str) -> sa.sql.expression.TableClause:
    return sa.table(name, sa.column("day", sa.Date()), *(sa.column(column) for column in columns))


def _ms(edge: int) -> int:
    return EDGES_MS[edge] if edge < len(EDGES_MS) else SLOWER_MS


def downgrade() -> None:
    """Make the tables of classes again; what was counted by the millisecond is put into its class."""
    day, turns = sa.Column("day", sa.Date(), nullable=False), sa.Column("turns", sa.Integer(), nullable=False)
    model, knowledge = (sa.Column(name, sa.String(length=64), nullable=False) for name in KEYS[1:])
    edge = sa.Column("edge", sa.Integer(), nullable=False)
    op.create_table("review_latency_count", day, edge, turns, sa.PrimaryKeyConstraint("day", "edge"))
    op.create_table(
        "review_version_latency",
        *(column.copy() for column in (day, model, knowledge, edge, turns)),
        sa.PrimaryKeyConstraint(*KEYS, "edge"),
    )
    edges = " ".join(f"WHEN ms <= {most} THEN {position}" for position, most in enumerate(EDGES_MS))
    edge_of = f"CASE {edges} ELSE {len(EDGES_MS)} END"
    op.execute(
        f"INSERT INTO review_version_latency (day, model, knowledge, edge, turns) "  # noqa: S608 - our own words
        f"SELECT day, model, knowledge, {edge_of}, sum(turns) FROM review_latency GROUP BY 1, 2, 3, 4"
    )
    op.execute(
        f"INSERT INTO review_latency_count (day, edge, turns) "  # noqa: S608 - our own words
        f"SELECT day, {edge_of}, sum(turns) FROM review_latency GROUP BY 1, 2"
    )
    op.execute("DELETE FROM review_state WHERE key = 'latency_exact_from'")
    op.drop_table("review_latency")
