"""The calls about files of requests, at platforms that take files."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from engine.api.models import FieldsSet, Identifier, Key, Paged, ProviderIdentifier, Said, Text, filters
from engine.api.site import Site
from engine.domain.errors import InvalidError
from engine.domain.file import FileState
from engine.service.views import FileView, Page


class FileIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file, by its id, or the newest of its name."""

    id: Key | UnsetType = UNSET
    name: Annotated[Text, Meta(examples=["ps000001.emm"])] | UnsetType = UNSET


class OneFile(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file, and at which provider, where several have one of its name."""

    file_identifier: FileIdentifier
    provisioning_provider_identifier: ProviderIdentifier | UnsetType = UNSET


class FileQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file, by its id, or the newest of its name: exactly one of them; its provider; and whether with its text."""

    id: Key | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    provider: Text | UnsetType = UNSET
    text: bool = False
    fields_set: FieldsSet = UNSET


class FilesQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which files; those that are overdue were sent longer ago than an answer may take."""

    provider: Text | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    type: Text | UnsetType = UNSET
    state: FileState | UnsetType = UNSET
    overdue: bool | UnsetType = UNSET
    id: Key | UnsetType = UNSET


def one(site: Site, said: FileQuery) -> FileView:
    """Show a file of requests; its text is made again, and is there as long as all its requests are."""
    if (said.id is UNSET) is (said.name is UNSET):
        raise InvalidError("Exactly one of id and name is wanted.", field="id")
    return site.engine.file(said.id or said.name or "", said.provider or None, text=said.text)


def several(site: Site, said: FilesQuery) -> Page[FileView]:
    """List files of requests, in the order of their making."""
    return site.engine.files(said.number_of_results, said.offset, **filters(said))


def resend(site: Site, said: OneFile) -> FileView:
    """Let a file that the platform has lost be sent again by the next processing run, under its number."""
    provider = said.provisioning_provider_identifier
    _name, which = said.file_identifier.key
    return site.engine.resend_file(which, provider.alternative_code if provider else None)
