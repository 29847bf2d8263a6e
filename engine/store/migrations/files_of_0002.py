"""What release 0.2.0 adds for platforms that take files; and what migrations say more than once."""

import sqlalchemy as sa
from alembic import op

FOREIGN_KEYS = {"fk": "%(table_name)s_%(column_0_name)s_fkey"}  # as PostgreSQL names them; SQLite has no names
IS_UNFILED = "life_cycle_state = 'PENDING' AND file_id IS NULL AND place IS NOT NULL"
PAIRS = {"held_pairs_of_seat": "place", "held_pairs_of_other": "ca_id"}
UNFILED = ["provider", "priority", "type", "ca_id", "detail", "place"]


def make_index(name: str, table: str, columns: list[str], condition: str) -> None:
    """An index of only the rows that meet a condition."""
    words = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=words, postgresql_where=words)


def make_files() -> None:
    """Files of requests, for platforms that take files, and what providers of these are configured with."""
    with op.batch_alter_table("providers") as table:
        table.add_column(sa.Column("operations", sa.JSON, nullable=False, server_default="{}"))
        table.add_column(sa.Column("last_transaction", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "files",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("ca_id", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("priority", sa.String, nullable=False),
        sa.Column("records", sa.Integer, nullable=False),
        sa.Column("period_start", sa.DateTime),
        sa.Column("period_end", sa.DateTime),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("errors_from", sa.Integer, nullable=False),
        sa.Column("made_date", sa.DateTime, nullable=False),
        sa.Column("sent_date", sa.DateTime),
        sa.Column("answered_date", sa.DateTime),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("cleared", sa.Boolean, nullable=False),
    )
    op.create_index("files_of_name", "files", ["provider", "name"])
    make_index("files_open", "files", ["provider", "id"], "cleared = false")
    for name, column in PAIRS.items():
        make_index(name, "held", ["provider", column], "kind = 'pair'")
    make_index("held_items", "held", ["provider", "ca_id"], "kind = 'item'")
    with op.batch_alter_table("requests", naming_convention=FOREIGN_KEYS) as table:
        for name in ("place", "ca_id", "distributor"):
            table.add_column(sa.Column(name, sa.String))
        table.add_column(sa.Column("detail", sa.Text))
        table.add_column(sa.Column("file_id", sa.Integer))
        table.create_foreign_key("requests_file_id_fkey", "files", ["file_id"], ["id"])
    make_index("requests_of_file", "requests", ["file_id", "place", "id"], "file_id IS NOT NULL")
    make_index("requests_unfiled", "requests", UNFILED, IS_UNFILED)
    make_index("requests_again", "requests", ["provider", "type", "ca_id"], f"{IS_UNFILED} AND attempts > 0")


def drop_files() -> None:
    """Requests that are sent in files are lost: the older form has no place for them."""
    op.execute("DELETE FROM requests WHERE place IS NOT NULL")
    for name in (*PAIRS, "held_items"):
        op.drop_index(name, "held")
    op.drop_index("requests_again", "requests")
    op.drop_index("requests_unfiled", "requests")
    op.drop_index("requests_of_file", "requests")
    with op.batch_alter_table("requests", naming_convention=FOREIGN_KEYS) as table:
        table.drop_constraint("requests_file_id_fkey", type_="foreignkey")
        for name in ("file_id", "detail", "distributor", "ca_id", "place"):
            table.drop_column(name)
    op.drop_table("files")
    with op.batch_alter_table("providers") as table:
        table.drop_column("last_transaction")
        table.drop_column("operations")
