"""The database itself refuses to change or delete an entry of the audit log."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

SQLITE = """
CREATE TRIGGER review_audit_no_{verb} BEFORE {verb} ON review_audit
BEGIN SELECT RAISE(ABORT, 'review_audit is append-only'); END
"""
POSTGRESQL_FUNCTION = """
CREATE FUNCTION review_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'review_audit is append-only'; END $$
"""
POSTGRESQL_TRIGGER = """
CREATE TRIGGER review_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_audit
FOR EACH STATEMENT EXECUTE FUNCTION review_audit_refuse()
"""


def upgrade() -> None:
    """Set the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))
    else:
        op.execute(POSTGRESQL_FUNCTION)
        op.execute(POSTGRESQL_TRIGGER)


def downgrade() -> None:
    """Take them away."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"DROP TRIGGER review_audit_no_{verb}")
    else:
        op.execute("DROP TRIGGER review_audit_append_only ON review_audit")
        op.execute("DROP FUNCTION review_audit_refuse()")
