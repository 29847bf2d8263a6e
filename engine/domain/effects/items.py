"""Installed items, and where services and items are watched."""

from engine.domain import details
from engine.domain.effects.ground import Ground
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.states import FINAL, LIVE, ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscription


def add_item(subscription: Subscription, said: details.NewItem, ground: Ground) -> None:
    """A device is put on distributors."""
    if not said.serial_number:
        raise InvalidError("serial_number is empty; the device's serial number is wanted.", field="serial_number")
    if any(item.serial_number == said.serial_number for item in subscription.items):
        raise NotAllowedError(
            f"{said.serial_number} is installed on {subscription.number} already.", field="serial_number"
        )
    product = ground.catalogue.physical_good(said.product)
    distributors = ground.known_distributors(said.distributors)
    for provider, ca_id in said.ca_ids.items():
        if provider not in ground.providers:
            raise UnknownError("provider", provider, ground.providers, field="ca_ids")
        if not ca_id:
            raise InvalidError(f"ca_ids.{provider} is empty; the device's id there is wanted.", field="ca_ids")
    state = ItemState.NOT_EFFECTIVE if subscription.state is State.DRAFT else ItemState.EFFECTIVE
    subscription.items.append(InstalledItem(said.serial_number, product.code, state, distributors, said.ca_ids))


def remove_item(subscription: Subscription, said: details.OneItem, _ground: Ground) -> None:
    """A device is released."""
    subscription.items.remove(subscription.item(said.item))


def swap_item(subscription: Subscription, said: details.ItemSwap, ground: Ground) -> None:
    """A device takes the distributors of another, which is released."""
    old = subscription.item(said.item)
    subscription.items.remove(old)
    distributors = tuple(old.distributors)
    new = details.NewItem(said.product or old.product, said.serial_number, distributors, said.ca_ids)
    add_item(subscription, new, ground)


def move_item(subscription: Subscription, said: details.ItemMove, ground: Ground) -> None:
    """A device goes to another subscription of the same owner."""
    item = subscription.item(said.item)
    target = ground.others[said.to_subscription]
    if target is subscription or target.owner != subscription.owner:
        why = "the same subscription" if target is subscription else f"owned by another than {subscription.number}"
        raise NotAllowedError(
            f"{target.number} is {why}; another one of this owner is wanted.", field="to_subscription"
        )
    if target.state in FINAL:
        wanted = " or ".join(sorted(LIVE))
        raise NotAllowedError(f"{target.number} is {target.state}; wanted: {wanted}.", field="to_subscription")
    subscription.items.remove(item)
    distributors = said.distributors or tuple(item.distributors)
    add_item(target, details.NewItem(item.product, item.serial_number, distributors, item.ca_ids), ground)


def change_distribution(subscription: Subscription, said: details.Redistribution, ground: Ground) -> None:
    """Services and items are put on, or taken off, distributors; a bundle takes its components along."""
    if not (said.services or said.items) or not (said.put_on or said.take_off):
        raise InvalidError("Services or items, and distributors to put on or take off, are wanted.", field="services")
    put_on = ground.known_distributors(said.put_on, "put_on")
    take_off = ground.known_distributors(said.take_off, "take_off")
    bundles = [subscription.service(ground.code(name), "services") for name in said.services]
    moved: list[Service | InstalledItem] = [member for bundle in bundles for member in subscription.family(bundle)]
    moved += [subscription.item(serial_number) for serial_number in said.items]
    for one in moved:
        one.distributors = (one.distributors | put_on) - take_off
