"""${message}."""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """To the newer form; rows that are there are filled from what they hold."""
    ${upgrades if upgrades else "raise NotImplementedError"}


def downgrade() -> None:
    """To the older form; what only the newer one can say is lost."""
    ${downgrades if downgrades else "raise NotImplementedError"}
