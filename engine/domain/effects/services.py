"""Services, bundles and usage services: they come, go, start, stop and are swapped."""

from engine.domain import details
from engine.domain.catalogue import Composition, Product, ServiceType, SwapClass, check_choice, swap_class
from engine.domain.effects.ground import ENDED, Ground, utc
from engine.domain.errors import InvalidError, NotAllowedError, UnknownError
from engine.domain.rights import is_over
from engine.domain.states import State
from engine.domain.subscription import Service, Subscription, Window


def place(subscription: Subscription, service: Service, parts: tuple[Product, ...] = ()) -> None:
    """Put a service on the subscription, and its components, in its state and on its distributors."""
    subscription.add(service)
    for part in parts:
        subscription.add(Service(0, part.code, service.state, set(service.distributors), bundle=service.number))


def add_service(subscription: Subscription, said: details.NewService, ground: Ground) -> None:
    """A new service: a draft, or in the state in which the subscription itself is."""
    product = ground.catalogue.service(said.product)
    if product.service_type is ServiceType.USAGE:
        raise NotAllowedError(f"{product.code} is a usage service: it needs a window.", field="product")
    state = State.DRAFT if said.state is details.Start.DRAFT else subscription.state
    distributors = ground.known_distributors(said.distributors)
    parts = ground.catalogue.components_of(product, said.components)
    place(subscription, Service(0, product.code, state, distributors), parts)


def remove_service(subscription: Subscription, said: details.ServiceEnding, ground: Ground) -> None:
    """The end of a service, and of its components."""
    service = subscription.service(ground.code(said.service))
    refuse_component(service, "removed; amend the bundle")
    for member in subscription.family(service):
        member.state = ENDED[said.mode]


def require(service: Service, *allowed: State) -> None:
    """Refuse what the state of the service does not allow."""
    if service.state not in allowed:
        wanted = " or ".join(allowed)
        raise NotAllowedError(f"Service {service.product} is {service.state}; {wanted} is wanted.", field="service")


def start_service(subscription: Subscription, said: details.OneService, ground: Ground) -> None:
    """On again, and its components with it; a subscription that was off is on with it."""
    service = subscription.service(ground.code(said.service))
    require(service, State.DRAFT, State.NOT_EFFECTIVE)
    for member in subscription.family(service):
        member.state = State.EFFECTIVE
    subscription.state = State.EFFECTIVE
    subscription.wake_items()


def stop_service(subscription: Subscription, said: details.OneService, ground: Ground) -> None:
    """Off, and its components with it; the last one takes the subscription along."""
    service = subscription.service(ground.code(said.service))
    require(service, State.EFFECTIVE)
    for member in subscription.family(service):
        member.state = State.NOT_EFFECTIVE
    if not any(other.state is State.EFFECTIVE for other in subscription.services):
        subscription.state = State.NOT_EFFECTIVE


def swap_service(subscription: Subscription, said: details.Swap, ground: Ground) -> SwapClass:
    """Another product takes the place of a service, on the same distributors; up, down or aside by their tiers."""
    old = subscription.service(ground.code(said.service))
    require(old, State.EFFECTIVE)
    refuse_component(old, "swapped")
    product = ground.catalogue.service(said.product, ServiceType.TERMED)
    parts = ground.catalogue.components_of(product, said.components)
    for member in subscription.family(old):
        member.before_swap, member.state = member.state, State.SWAPPED
    new = Service(0, product.code, State.EFFECTIVE, set(old.distributors), replaces=old.number)
    place(subscription, new, parts)
    return swap_class(ground.catalogue.products[old.product], product)


def regret_swap(subscription: Subscription, said: details.OneService, ground: Ground) -> None:
    """The new service goes, the one it replaced comes back as it was, with the components that left with it."""
    new = subscription.service(ground.code(said.service))
    require(new, State.EFFECTIVE)
    if new.replaces is None:
        raise NotAllowedError(f"Service {new.product} did not come by a swap; nothing to regret.", field="service")
    for member in subscription.family(new):
        member.state = State.REGRETTED
    old = next(service for service in subscription.services if service.number == new.replaces)
    for member in (old, *subscription.components(old)):
        if member.state is State.SWAPPED:
            member.state, member.before_swap = member.before_swap or State.EFFECTIVE, None


def refuse_component(service: Service, verb: str) -> None:
    """Refuse to treat a component of a bundle as a service that stands alone."""
    if service.bundle is not None:
        raise NotAllowedError(f"{service.product} is a component of a bundle; it can't be {verb}.", field="service")


def amend_bundle(subscription: Subscription, said: details.Amendment, ground: Ground) -> None:
    """Components of a flexible bundle come and go, within its composition."""
    bundle = subscription.service(ground.code(said.service))
    product = ground.catalogue.product(bundle.product)
    if product.composition is not Composition.FLEXIBLE_BUNDLE:
        raise NotAllowedError(f"{product.code} is {product.composition}; a flexible_bundle is wanted.", field="service")
    if not said.add and not said.remove:
        raise InvalidError("Components to add or to remove are wanted.", field="add")
    live = {part.product: part for part in subscription.components(bundle) if part.is_live}
    added = [ground.catalogue.service(name, field="add").code for name in said.add]
    removed = [ground.catalogue.service(name, field="remove").code for name in said.remove]
    for code in removed:
        if code not in live:
            raise UnknownError(f"component of {product.code}", code, live, field="remove")
    check_choice(product, [code for code in live if code not in removed] + added)
    for code in removed:
        live[code].state = State.REMOVED
    for code in added:
        subscription.add(Service(0, code, bundle.state, set(bundle.distributors), bundle=bundle.number))


def add_usage(subscription: Subscription, said: details.NewUsage, ground: Ground) -> None:
    """A usage service, on from the start of its window to the end."""
    product = ground.catalogue.service(said.product, ServiceType.USAGE)
    window = Window(utc(said.start, "start"), utc(said.end, "end"))
    if window.end <= ground.now:
        raise InvalidError(f"end is {said.end}; a time after {ground.now:%Y-%m-%dT%H:%M:%SZ} is wanted.", field="end")
    if window.end <= window.start:
        raise InvalidError(f"end is {said.end}; a time after {said.start} is wanted.", field="end")
    distributors = ground.known_distributors(said.distributors)
    place(subscription, Service(0, product.code, State.EFFECTIVE, distributors, window=window))


def end_usage(subscription: Subscription, said: details.OneService, ground: Ground) -> None:
    """The end of a usage service with its window."""
    service = subscription.service(ground.code(said.service))
    if service.window is None or not is_over(service.window, ground.now):
        ends = f"lasts until {service.window.end:%Y-%m-%dT%H:%M:%SZ}" if service.window else "is no usage service"
        raise NotAllowedError(f"Service {service.product} {ends}; one whose window is over is wanted.", field="service")
    service.state = State.CANCELLED


def cancel_usage(subscription: Subscription, said: details.OneService, ground: Ground) -> None:
    """The end of a usage service before its window ends."""
    service = subscription.service(ground.code(said.service))
    if service.window is None:
        raise NotAllowedError(f"{service.product} is no usage service.", field="service")
    service.state = State.CANCELLED
