"""The calls about what was done to subscriptions, and is to be done."""

from msgspec import UNSET, UnsetType

from engine.api.models import Identifier, Key, Paged, Said, Text, filters
from engine.api.site import Site
from engine.domain.actions import Action, ActionState
from engine.service.schedule import Recorded
from engine.service.views import Page


class ActionIdentifier(Identifier, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An action, by its id."""

    id: Key


class Cancellation(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scheduled action."""

    action_identifier: ActionIdentifier


class ActionsQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which actions."""

    code: Action | UnsetType = UNSET
    state: ActionState | UnsetType = UNSET
    subscription: Text | UnsetType = UNSET
    id: Key | UnsetType = UNSET


def several(site: Site, said: ActionsQuery) -> Page[Recorded]:
    """List actions, in the order of their making: executed, scheduled, cancelled, rejected."""
    return site.engine.actions(said.number_of_results, said.offset, **filters(said))


def cancel(site: Site, said: Cancellation) -> Recorded:
    """Cancel a scheduled action."""
    return site.engine.cancel_action(said.action_identifier.id)
