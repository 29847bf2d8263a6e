"""The stories by name."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from harness.demo.box_replaced import box_replaced
from harness.demo.bundles import bundles
from harness.demo.conax_month import conax_month
from harness.demo.outage_night import outage_night
from harness.demo.restored import restored
from harness.demo.story import Person, Step
from harness.demo.viewing_points import viewing_points


class Story(NamedTuple):
    """What a story is about, and its steps for these people."""

    about: str
    steps: Callable[[Sequence[Person]], tuple[Step, ...]]


# fmt: off
STORIES: Mapping[str, Story] = {
    "bundles":        Story("Tucano: the three bundle examples of the manual, a downtime, a reset", bundles),
    "viewing-points": Story("Irdeto: four viewing points, each with its own box, card and channels", viewing_points),
    "box-replaced":   Story("Icareus: a box is replaced, and the channels are kept", box_replaced),
    "conax-month":    Story("Conax: files, a card that is refused, a swap, then a year without a gap", conax_month),
    "outage-night":   Story("Three platforms are down at night: who is out of sync, and one run for all", outage_night),
    "restored":       Story("A restored platform, a forgotten card: an audit finds both, a reset repairs", restored),
}
# fmt: on
