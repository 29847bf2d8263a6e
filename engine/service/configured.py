"""The configuration that an engine works with: what the database holds, which another engine may have changed."""

from dataclasses import replace

from sqlalchemy import Connection

from engine.service.context import Configuration, Context
from engine.store import configuration
from engine.store.connecting import beside


def configured(context: Context, connection: Connection) -> Configuration:
    """The configuration for what is done in this transaction: nobody changes it before the end of that.

    On a shared database another engine may have loaded it; then this one takes it over.
    """
    known = context.configuration
    if context.database.shared:
        beside(connection)
        if configuration.revision(connection) != known.revision:
            context.configuration = known = current(context, connection)
    return known


def refresh(context: Context) -> None:
    """Take over what another engine has loaded; for who only looks."""
    if context.database.shared:
        with context.database.reading() as connection:
            if configuration.revision(connection) != context.configuration.revision:
                context.configuration = current(context, connection)


def current(context: Context, connection: Connection) -> Configuration:
    """What the database holds, with the connection parameters that are used instead until the engine ends."""
    kept = stored(connection)
    providers = {
        code: replace(provider, connection={**provider.connection, **context.pointed.get(code, {})})
        for code, provider in kept.providers.items()
    }
    return replace(kept, providers=providers)


def stored(connection: Connection) -> Configuration:
    """What the database holds."""
    return Configuration(
        configuration.load_catalogue(connection),
        configuration.load_providers(connection),
        configuration.load_definitions(connection),
        configuration.revision(connection),
    )
