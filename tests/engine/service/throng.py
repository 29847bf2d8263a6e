"""Subscriptions by chance at a platform of any kind: each is as it should be there, but for a thing or two."""

from dataclasses import replace
from datetime import timedelta

from engine.domain.rights import Held, Kind, wanted
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window
from engine.store import beliefs, requests, subscriptions

CONFIGURATION = """
products = [
    { code = "CARD", name = "Card", classification = "physical_good", traceable = true },
    { code = "DISH", name = "Dish", classification = "physical_good", traceable = true },
]

[[providers]]
code = "it"
name = "It"
protocol = "PROTOCOL"
effective = true
connection = CONNECTION
distributors = [{ code = "IT_TWIN1", name = "2" }, { code = "IT_MAIN", name = "1" }]
services = [
    { product = "NEWS", ca_id = "1", parameters = PARAMETERS },
    { product = "SPORT", ca_id = "2", parameters = PARAMETERS },
    { product = "MATCH", ca_id = "3", parameters = PARAMETERS },
]
hardware = [
    { product = "STB", type = "STB" },
    { product = "CARD", type = "SMARTCARD" },
    { product = "DISH", type = "DISH" },
]
"""
URL, USER = 'end_point = "http://it.test/it"', 'user_name = "us", password = "hush"'
ICAREUS = 'url = "http://it.test/it", organization_id = 1, key = "hush", country_ids = "GB=1", region_ids = "England=1"'
CONNECTIONS = {
    "tucano": f"{{ {URL}, {USER} }}",
    "icareus": f"{{ {ICAREUS}, default_country_id = 1, default_region_id = 1 }}",
    "irdeto": f'{{ {URL}, {USER}, default_pin = "4711" }}',
    "conax": f'{{ host_name = "ftp.test", {USER} }}',
}
IT, ADA = "it", Subscriber("Ada", "Lovelace")
DISTRIBUTORS = ("IT_MAIN", "IT_MAIN", "IT_TWIN1", "MAIN")  # the last one is another provider's
SERVICES, GOODS = ("NEWS", "SPORT", "SPORT", "MATCH", "MATCH", "KIDS"), ("STB", "STB", "CARD", "CARD", "DISH")
NEAR, DAY = timedelta(microseconds=1), timedelta(days=1)


class Throng:
    """Makes them on a connection."""

    def __init__(self, random, connection, context):
        self.random, self.connection, self.now = random, connection, context.clock.now()
        self.provider = context.provider(IT)
        self.adapter = context.adapter(self.provider)
        self.number = 0

    def make(self, size):
        """So many subscriptions; gives them by key."""
        made = dict(self.subscription() for _ in range(size))
        requests.take_numbers(self.connection, IT, self.number)
        return made

    def subscription(self):
        services = [self.service(number) for number in range(1, self.random.randint(0, 5) + 1)]
        items = [self.item() for _ in range(self.random.randint(0, 4))]
        state = self.random.choice((*[State.EFFECTIVE] * 5, State.CANCELLED))
        one = Subscription("", ADA, state, services=services, items=items, type=self.random.choice("AB"))
        key = subscriptions.create(self.connection, one, self.now - self.random.randint(0, 3) * DAY)
        held = list(self.as_wanted(one)) if self.random.random() < 0.9 else []
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            held = self.changed(held)
        held += self.mixed_up([item.ca_id(IT) for item in items])
        # A platform holds a device in one place, and has one account for a subscription.
        alone = {
            (one.kind, one.kind is not Kind.ACCOUNT and one.ca_id, one.kind in OFTEN and one.place): one for one in held
        }
        beliefs.replace(self.connection, key, IT, (), alone.values())
        if self.random.random() < 0.15:
            self.request(key)
        return key, one

    def some(self, values):
        return {self.random.choice(values) for _ in range(self.random.choice((1, 1, 1, 2)))}

    def service(self, number):
        state = State.EFFECTIVE if self.random.random() < 0.8 else self.random.choice(list(State))
        window = self.window() if self.random.random() < 0.5 else None
        return Service(number, self.random.choice(SERVICES), state, self.some(DISTRIBUTORS), window=window)

    def window(self):
        start = self.now + self.random.randint(-3, 3) * DAY
        return Window(start, start + self.random.randint(1, 3) * DAY + self.random.choice((NEAR, 0 * DAY, -NEAR)))

    def item(self):
        self.number += 1
        state = ItemState.EFFECTIVE if self.random.random() < 0.9 else ItemState.NOT_EFFECTIVE
        ca_ids = {IT: f"""C-{self.number}'"\\ é"""} if self.random.random() < 0.5 else {"tv": "X"}
        serial = f"{self.random.choice('AZaz')}-{self.number}"
        return InstalledItem(serial, self.random.choice(GOODS), state, self.some(DISTRIBUTORS), ca_ids)

    def as_wanted(self, one):
        """What is held when all is as it should be."""
        should = wanted(one, self.provider, self.now, self.adapter.keeping)
        if should.account:
            yield Held(Kind.ACCOUNT, "T1")
        yield from (Held(Kind.SERVICE, ca_id, window=window) for ca_id, window in should.services.items())
        yield from (Held(Kind.ITEM, ca_id) for ca_id in should.items)
        for place, seat in should.seats.items():
            if should.registers:
                yield Held(Kind.ITEM, place, place=seat.distributor)
            if seat.paired:
                yield Held(Kind.PAIR, seat.paired, place=place)
            yield from (Held(Kind.SERVICE, ca_id, window=one, place=place) for ca_id, one in seat.services.items())

    def changed(self, held):
        """The same with one thing changed, or more."""
        if not held or self.random.random() < 0.2:
            kind, place = self.random.choice(list(Kind)), self.random.choice(("", "A-1", "IT_MAIN", "GONE"))
            return [*held, Held(kind, self.random.choice("123"), authorised=self.random.random() < 0.8, place=place)]
        left = list(held)
        one = left.pop(self.random.randrange(len(left)))
        moments = [self.now + step for step in (-DAY, -NEAR, 0 * DAY, NEAR, DAY)]
        by_place = [each for each in held if each.place and each.kind is one.kind]
        changes = (
            [],
            [replace(one, in_doubt=True)],
            [replace(one, authorised=False)],
            [replace(one, authorised=False, in_doubt=True)],
            [replace(one, window=self.random.choice((None, self.window())))] if one.kind is Kind.SERVICE else [one],
            [replace(one, since=self.random.choice(moments), until=self.random.choice(moments))],
            [replace(one, place=self.random.choice(("", "IT_MAIN", "IT_TWIN1", "GONE")))],
            [one, replace(one, place=self.random.choice(by_place).place)] if by_place else [one],
            [one, replace(one, ca_id=self.random.choice(held).ca_id, in_doubt=self.random.random() < 0.5)],
        )
        return [*left, *self.random.choice(changes)]

    def mixed_up(self, ids):
        """A device that is held as if it were another, or a pair of any two."""
        if len(ids) > 1 and self.random.random() < 0.25:
            one, other = self.random.sample(ids, 2)
            yield Held(Kind.PAIR, one, place=other)
        if ids and self.random.random() < 0.05:
            yield Held(Kind.ITEM, self.random.choice(ids), place="IT_MAIN")

    def request(self, key):
        self.number += 1
        row = {
            "number": self.number,
            "type": self.random.choice(self.adapter.table).request,
            "sequence_number": 1,
            "subscription_id": key,
            "provider": IT,
            "parameters_set": {},
            "process_name": "TEST",
            "process_id": 1,
            "created_date": self.now,
            "life_cycle_state": self.random.choice(("PENDING", "PENDING", "COMPLETED", "REJECTED")),
        }
        requests.add(self.connection, [row])


OFTEN = {Kind.SERVICE, Kind.PAIR}
