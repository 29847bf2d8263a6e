"""By what subscribers show who they are, as rows: never in clear."""

from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from engine.store import schema

TABLE, SUBSCRIPTIONS = schema.access_tokens, schema.subscriptions
BY_CODE = select(SUBSCRIPTIONS.c.number).join(TABLE).where(TABLE.c.authentication_code_hash == bindparam("code_hash"))
BY_IDENTIFIER = (
    select(SUBSCRIPTIONS.c.number, TABLE.c.pass_code_salt, TABLE.c.pass_code_hash)
    .join(TABLE)
    .where(TABLE.c.identifier == bindparam("said"))
)
OF_CUSTOMER = (
    select(SUBSCRIPTIONS.c.number)
    .where(SUBSCRIPTIONS.c.customer_number == bindparam("customer"))
    .order_by(SUBSCRIPTIONS.c.id)
)


def put(connection: Connection, key: int, **values: Any) -> None:
    """Write an access token of a subscription; one of its own with the same identifier or code goes."""
    same = [TABLE.c[name] == values[name] for name in ("authentication_code_hash", "identifier") if name in values]
    connection.execute(delete(TABLE).where(TABLE.c.subscription_id == key, *same))
    connection.execute(insert(TABLE).values(subscription_id=key, **values))


def by_code(connection: Connection, code_hash: str) -> str | None:
    """The number of the subscription that an authentication code opens."""
    return connection.execute(BY_CODE, {"code_hash": code_hash}).scalar()


def by_identifier(connection: Connection, identifier: str) -> tuple[str, str, str] | None:
    """The number of the subscription that an identifier names, with the salt and the hash of its pass code."""
    row = connection.execute(BY_IDENTIFIER, {"said": identifier}).first()
    return (row[0], row[1], row[2]) if row else None


def of_customer(connection: Connection, customer_number: str) -> list[str]:
    """The numbers of a customer's subscriptions, in the order of their making."""
    return list(connection.execute(OF_CUSTOMER, {"customer": customer_number}).scalars())
