"""The calls about archives: listed, looked at, fetched, deleted for good."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.api.envelope import Blocks
from engine.api.models import FieldsSet, Identifier, Paged, Said, Text
from engine.api.site import Site
from engine.domain.archive import Archive
from engine.service.views import Page

GZIP = "application/gzip"
Name = Annotated[Text, Meta(examples=["requests-2030-06-15-1a2b3c4d.jsonl.gz"])]
Password = Text | UnsetType
"""The archive password, which only archives want."""


class ArchiveIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An archive, by its name."""

    name: Name


class Deletion(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An archive, and the archive password."""

    archive_identifier: ArchiveIdentifier
    archive_password: Text


class ArchiveQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An archive, by its name."""

    name: Name
    fields_set: FieldsSet = UNSET


class DownloadQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An archive, by its name."""

    name: Name


def several(site: Site, said: Paged) -> Page[Archive]:
    """List archives, the newest first."""
    return site.engine.archives.find(said.number_of_results, said.offset)


def one(site: Site, said: ArchiveQuery) -> Archive:
    """Show an archive: what its file holds, how long it is, and its SHA-256."""
    return site.engine.archives.show(said.name)


def download(site: Site, said: DownloadQuery) -> Blocks:
    """Give an archive's file: lines of JSON, compressed; the first says what it is, each other is a record."""
    archive, blocks = site.engine.archives.content(said.name)
    return Blocks(blocks, GZIP, archive.name)


def delete(site: Site, said: Deletion) -> Archive:
    """Delete an archive for good, its file and all that is in it."""
    return site.engine.archives.delete(said.archive_identifier.name, said.archive_password)
