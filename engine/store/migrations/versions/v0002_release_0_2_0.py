"""What release 0.2.0 adds. Until it is released, whatever changes the tables adds its two functions here.

A column that can't be empty is added with a `server_default`. Where the engine's tables have none, it is taken away
again. On SQLite a table that is altered by `batch_alter_table` is copied; foreign keys are checked at the end.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.migrations.archives_of_0002 import drop_archives, make_archives
from engine.store.migrations.audits_of_0002 import drop_audits, make_audits
from engine.store.migrations.chunks_of_0002 import drop_chunks, make_chunks
from engine.store.migrations.files_of_0002 import FOREIGN_KEYS, drop_files, make_files, make_index
from engine.store.migrations.out_of_sync_of_0002 import drop_out_of_sync, make_out_of_sync

revision = "0002"
down_revision = "0001"

# The opposite order of making.
NEW_TABLES = ("communication_queue", "tokens", "run_log", "runs", "definitions", "access_tokens", "counters")
LIVE_SERVICE = "state NOT IN ('CANCELLED', 'REGRETTED', 'SWAPPED', 'REMOVED')"
RULES = ("allowed_services", "restrictions", "dependencies", "required_distributor")


def upgrade() -> None:
    """To the newer form; rows that are there are filled from what they hold."""
    make_counters()
    make_access_tokens()
    make_runs()
    make_tokens()
    make_communication_queue()
    add_rules_of_distributors()
    add_owners_of_subscriptions()
    make_index("services_ending", "services", ["window_end", "subscription_id"], LIVE_SERVICE)
    add_schedule_of_actions()
    add_begun_to_requests()
    op.create_index("requests_of_process", "requests", ["process_id"])
    free_requests()
    make_held(place=True)
    make_files()
    make_chunks()
    make_out_of_sync()
    with op.batch_alter_table("provider_hardware") as table:
        table.add_column(sa.Column("role", sa.String))
    make_archives()
    make_audits()


def downgrade() -> None:
    """To the older form, in the opposite order; what only the newer one can say is lost."""
    drop_audits()
    drop_archives()
    with op.batch_alter_table("provider_hardware") as table:
        table.drop_column("role")
    drop_out_of_sync()
    drop_chunks()
    drop_files()
    make_held(place=False)
    bind_requests()
    op.drop_index("requests_of_process", "requests")
    with op.batch_alter_table("requests") as table:
        table.drop_column("begun")
    drop_schedule_of_actions()
    op.drop_index("services_ending", "services")
    drop_owners_of_subscriptions()
    with op.batch_alter_table("distributors") as table:
        for name in RULES:
            table.drop_column(name)
    for name in NEW_TABLES:
        op.drop_table(name)


def text(name: str) -> "sa.Column[str]":
    """A column of text that is empty where nothing was said."""
    return sa.Column(name, sa.String, nullable=False, server_default="")


def make_counters() -> None:
    """Numbers that engines take in turn; those of subscriptions go on after the last one that was made."""
    op.create_table(
        "counters",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.execute("INSERT INTO counters (name, last) SELECT 'subscriptions', COALESCE(MAX(id), 0) FROM subscriptions")


def make_access_tokens() -> None:
    """By what subscribers show who they are."""
    op.create_table(
        "access_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
        sa.Column("authentication_code_hash", sa.String, unique=True),
        sa.Column("identifier", sa.String, unique=True),
        sa.Column("pass_code_salt", sa.String, nullable=False),
        sa.Column("pass_code_hash", sa.String, nullable=False),
    )
    op.create_index("access_tokens_of_subscription", "access_tokens", ["subscription_id"])


def make_runs() -> None:
    """What is done to many subscriptions, when, and what came of it."""
    op.create_table(
        "definitions",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("description", sa.String, nullable=False),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("filters", sa.JSON, nullable=False),
        sa.Column("schedule", sa.String, nullable=False),
        sa.Column("effective", sa.Boolean, nullable=False),
        sa.Column("last_due", sa.DateTime),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("definition", sa.String, sa.ForeignKey("definitions.code"), nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_date", sa.DateTime, nullable=False),
        sa.Column("start_date", sa.DateTime),
        sa.Column("end_date", sa.DateTime),
        sa.Column("leased_until", sa.DateTime),
        sa.Column("hold", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("runs_of_definition", "runs", ["definition", "id"])
    op.create_table(
        "run_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("subscription", sa.String, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("error", sa.Boolean, nullable=False),
    )
    op.create_index("run_log_of_run", "run_log", ["run_id", "id"])


def make_tokens() -> None:
    """By what callers of the Web API show who they are."""
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("hash", sa.String, nullable=False, unique=True),
        sa.Column("created_date", sa.DateTime, nullable=False),
        sa.Column("last_used_date", sa.DateTime),
        sa.Column("revoked_date", sa.DateTime),
    )


def add_rules_of_distributors() -> None:
    """What may be placed where; nothing was forbidden before."""
    with op.batch_alter_table("distributors") as table:
        table.add_column(sa.Column("allowed_services", sa.JSON))
        table.add_column(sa.Column("restrictions", sa.JSON, nullable=False, server_default="[]"))
        table.add_column(sa.Column("dependencies", sa.JSON, nullable=False, server_default="{}"))
        table.add_column(text("required_distributor"))


def add_owners_of_subscriptions() -> None:
    """Whose they are, and since when: the day of their first action."""
    with op.batch_alter_table("subscriptions") as table:
        table.add_column(text("customer_number"))
        table.add_column(text("type"))
        table.add_column(sa.Column("created_date", sa.DateTime))
        table.create_index("subscriptions_of_customer", ["customer_number"])
        table.create_index("subscriptions_until", ["until", "id"])
    first = "SELECT MIN(executed_date) FROM actions WHERE actions.subscription_id = subscriptions.id"
    op.execute(f"UPDATE subscriptions SET created_date = ({first})")  # noqa: S608 (no value of anybody's)


def drop_owners_of_subscriptions() -> None:
    """Without customers."""
    with op.batch_alter_table("subscriptions") as table:
        table.drop_index("subscriptions_until")
        table.drop_index("subscriptions_of_customer")
        for name in ("created_date", "type", "customer_number"):
            table.drop_column(name)


def add_schedule_of_actions() -> None:
    """Actions may be for later; those that there are were executed when they were made."""
    with op.batch_alter_table("actions") as table:
        table.alter_column("order", new_column_name="details")
        table.alter_column("executed_date", nullable=True)
        table.add_column(sa.Column("created_date", sa.DateTime))
        table.add_column(sa.Column("scheduled_date", sa.DateTime))
        table.add_column(sa.Column("service", sa.Integer))
        table.add_column(sa.Column("swap_class", sa.String))
        table.add_column(sa.Column("reason", sa.Text, nullable=False, server_default=""))
    make_index("actions_scheduled", "actions", ["scheduled_date", "subscription_id"], "state = 'SCHEDULED'")
    op.execute("UPDATE actions SET created_date = executed_date")


def drop_schedule_of_actions() -> None:
    """What was not executed is lost: the older form has no place for it."""
    op.execute("DELETE FROM actions WHERE executed_date IS NULL")
    op.drop_index("actions_scheduled", "actions")
    with op.batch_alter_table("actions") as table:
        for name in ("reason", "swap_class", "service", "scheduled_date", "created_date"):
            table.drop_column(name)
        table.alter_column("executed_date", nullable=False)
        table.alter_column("details", new_column_name="order")


def add_begun_to_requests() -> None:
    """Whether they may have been sent before; of those that wait now, nobody knows."""
    with op.batch_alter_table("requests") as table:
        table.add_column(sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE requests SET begun = (life_cycle_state = 'PENDING')")
    with op.batch_alter_table("requests") as table:
        table.alter_column("begun", server_default=None)


def make_communication_queue() -> None:
    """What is to be told to subscribers."""
    op.create_table(
        "communication_queue",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("external_system", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_date", sa.DateTime, nullable=False),
        sa.Column("executed_date", sa.DateTime),
    )
    op.create_index("communication_of_subscription", "communication_queue", ["subscription_id"])
    make_index("communication_pending", "communication_queue", ["external_system", "id"], "state = 'PENDING'")


def free_requests() -> None:
    """Requests may be of no subscription, of a run or a utility, and hold an answer."""
    with op.batch_alter_table("requests", naming_convention=FOREIGN_KEYS) as table:
        table.drop_constraint("requests_process_id_fkey", type_="foreignkey")
        table.alter_column("subscription_id", existing_type=sa.Integer, nullable=True)
        table.add_column(sa.Column("answer", sa.JSON))
        table.add_column(sa.Column("communication_entry", sa.Integer))
        table.create_foreign_key(
            "requests_communication_entry_fkey", "communication_queue", ["communication_entry"], ["id"]
        )
        table.create_index("requests_of_entry", ["communication_entry"])


def bind_requests() -> None:
    """Requests that no action on a subscription has caused are lost: the older form has no place for them."""
    op.execute("DELETE FROM requests WHERE subscription_id IS NULL OR process_name NOT IN (SELECT code FROM actions)")
    with op.batch_alter_table("requests", naming_convention=FOREIGN_KEYS) as table:
        table.drop_index("requests_of_entry")
        table.drop_constraint("requests_communication_entry_fkey", type_="foreignkey")
        table.drop_column("communication_entry")
        table.drop_column("answer")
        table.alter_column("subscription_id", existing_type=sa.Integer, nullable=False)
        table.create_foreign_key("requests_process_id_fkey", "actions", ["process_id"], ["id"])


def make_held(*, place: bool) -> None:
    """Make the table of beliefs again, with the place of each or without: it is a part of its key."""
    op.execute("CREATE TABLE held_before AS SELECT * FROM held")
    op.drop_table("held")
    op.create_table(
        "held",
        sa.Column("subscription_id", sa.Integer, sa.ForeignKey("subscriptions.id"), primary_key=True),
        sa.Column("provider", sa.String, sa.ForeignKey("providers.code"), primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("ca_id", sa.String, primary_key=True),
        *([sa.Column("place", sa.String, primary_key=True)] if place else []),
        sa.Column("authorised", sa.Boolean, nullable=False),
        sa.Column("in_doubt", sa.Boolean, nullable=False),
        sa.Column("window_start", sa.DateTime),
        sa.Column("window_end", sa.DateTime),
        sa.Column("since", sa.DateTime),
    )
    names = "subscription_id, provider, kind, ca_id, authorised, in_doubt, window_start, window_end, since"
    into, values, kept = (f"{names}, place", f"{names}, ''", "") if place else (names, names, " WHERE place = ''")
    op.execute(f"INSERT INTO held ({into}) SELECT {values} FROM held_before{kept}")  # noqa: S608 (no value of anybody's)
    op.drop_table("held_before")
    if place:
        with op.batch_alter_table("held") as table:
            table.add_column(text("distributor"))
            for name in ("until", "cancel_end"):
                table.add_column(sa.Column(name, sa.DateTime))
