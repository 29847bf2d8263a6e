"""The calls about what platforms really hold: asked for one subscription, and what audits have found."""

from msgspec import UNSET, UnsetType

from engine.api.models import Key, Paged, Reset, Said, Text, filters
from engine.api.site import Site
from engine.api.subscriptions import number_of
from engine.domain.audit import AuditDifference, Difference
from engine.service.auditing import differences
from engine.service.auditing.differences import Counted
from engine.service.auditing.one import Audited
from engine.service.views import Page


class DifferencesQuery(Paged, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which differences: found by this run or this audit of one subscription; those after one of them."""

    subscription: Text | UnsetType = UNSET
    provider: Text | UnsetType = UNSET
    difference: Difference | UnsetType = UNSET
    run: Key | UnsetType = UNSET
    audit: Key | UnsetType = UNSET
    after: Key | UnsetType = UNSET


class CountQuery(Said, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which differences are counted."""

    subscription: Text | UnsetType = UNSET
    provider: Text | UnsetType = UNSET
    difference: Difference | UnsetType = UNSET
    run: Key | UnsetType = UNSET
    audit: Key | UnsetType = UNSET


def submit(site: Site, said: Reset) -> Audited:
    """Ask what platforms hold for one subscription, and believe that: every effective provider's, or one's."""
    number = number_of(site, said.subscription_identifier)
    provider = said.provisioning_provider_identifier
    return site.engine.audit(number, provider.alternative_code if provider else None)


def several(site: Site, said: DifferencesQuery) -> Page[AuditDifference]:
    """List what audits have found, in its order."""
    known = filters(said)
    after = known.pop("after", 0)
    page = said.number_of_results, said.offset
    return differences.list_differences(site.engine.context.still(), known, *page, after=after)


def count(site: Site, said: CountQuery) -> Counted:
    """Count what audits have found, by difference."""
    known = {name: value for name in said.__struct_fields__ if (value := getattr(said, name)) is not UNSET}
    return differences.count_differences(site.engine.context.still(), known)
