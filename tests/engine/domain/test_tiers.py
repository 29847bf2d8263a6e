"""What the change from one product to another is: up, down or aside."""

import pytest

from engine.domain import details, rules
from engine.domain.actions import Action
from engine.domain.catalogue import Product, SwapClass, swap_class


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (2, 1, SwapClass.UPGRADE),
        (1, 2, SwapClass.DOWNGRADE),
        (0, -1, SwapClass.UPGRADE),
        (0, 5, SwapClass.DOWNGRADE),
        (2, 2, SwapClass.SWITCH),
        (0, None, SwapClass.SWITCH),
        (None, 0, SwapClass.SWITCH),
        (None, None, SwapClass.SWITCH),
    ],
)
def test_a_lower_tier_is_a_higher_package(old, new, found):
    assert swap_class(Product("A", "A", tier=old), Product("B", "B", tier=new)) is found


def test_a_swap_tells_its_class(subscription, ground):
    assert rules.act(subscription, Action.SWAP_SERVICE, details.Swap("SPORT", "KIDS"), ground) is SwapClass.SWITCH
    assert rules.act(subscription, Action.STOP_SERVICE, details.OneService("KIDS"), ground) is None
