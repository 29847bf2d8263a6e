"""Subscriptions at Conax in any state, made by chance, with what is held for them and what is asked for."""

from datetime import timedelta
from itertools import count

from sqlalchemy import insert

from engine.domain.rights import Held, Kind
from engine.domain.states import ItemState, State
from engine.domain.subscription import InstalledItem, Service, Subscriber, Subscription, Window
from engine.store import beliefs, requests, schema, subscriptions

CONFIGURATION = """
products = [
    { code = "CARD", name = "Card", classification = "physical_good", traceable = true },
    { code = "DECODER", name = "Decoder", classification = "physical_good", traceable = true },
    { code = "DISH", name = "Dish", classification = "physical_good", traceable = true },
]

[[providers]]
code = "ca"
name = "CA"
protocol = "conax"
effective = true
connection = { host_name = "ftp.test", user_name = "us", password = "hush" }
distributors = [{ code = "CA_TWIN1", name = "2" }, { code = "CA_MAIN", name = "1" }]
services = [{ product = "NEWS", ca_id = "1" }, { product = "SPORT", ca_id = "2" }, { product = "MATCH", ca_id = "3" }]
hardware = [
    { product = "CARD", type = "SMARTCARD" },
    { product = "STB", type = "STB" },
    { product = "DECODER", type = "STB", role = "entitled" },
    { product = "DISH", type = "DISH" },
]
"""
PROVIDER, ADA = "ca", Subscriber("Ada", "Lovelace")
SERVICES = ("NEWS", "NEWS", "SPORT", "SPORT", "MATCH", "KIDS", "CHOICE")
GOODS, CA_IDS = ("CARD", "CARD", "CARD", "STB", "STB", "STB", "DECODER", "DISH"), "1234"
DISTRIBUTORS = ("CA_MAIN", "CA_TWIN1", "MAIN")  # the last one is another provider's
GONE = ("GONE-1", "GONE-2")
GIVE, TAKE, PAIR, MAIL = "ADD_SUBSCRIPTIONS", "CANCEL_SUBSCRIPTIONS", "CREATE_PAIRING", "SEND_MAIL_MESSAGE_TO_CLIENT"


class Crowd:
    """Makes them on a connection. Most things are as they usually are, so that there is something to be seen."""

    def __init__(self, random, connection, now, renewed_before):
        self.random, self.connection, self.now = random, connection, now
        near, far = timedelta(microseconds=1), timedelta(days=400)
        self.ends = (None, None, None, None, now + far, now + near, now, now - near)
        ahead = (now + near, now + far)
        self.sinces = (None, now, renewed_before, renewed_before, renewed_before - near, renewed_before - far, *ahead)
        self.ids, self.numbers = count(1), count(1)

    def make(self, size):
        """So many subscriptions; gives them by key."""
        found = dict(self.subscription() for _ in range(size))
        requests.take_numbers(self.connection, PROVIDER, next(self.numbers) - 1)
        return found

    def subscription(self):
        services = [self.service(number) for number in range(1, self.random.randint(0, 9) + 1)]
        items = [self.item() for _ in range(self.random.randint(0, 7))]
        one = Subscription("", ADA, State.EFFECTIVE, services=services, items=items)
        key = subscriptions.create(self.connection, one, self.now)
        devices = [item.ca_id(PROVIDER) for item in items] + list(GONE)
        seats = [item.ca_id(PROVIDER) for item in items if item.product in {"CARD", "DECODER"}]
        held = [*self.services_held(devices, seats), *self.pairs_held(devices)]
        beliefs.replace(self.connection, key, PROVIDER, (), held)
        for _ in range(self.random.choice((0, 0, 1, 4))):
            self.request(key, devices)
        return key, one

    def some(self, values):
        return {value for value in values if self.random.random() < 0.7}

    def service(self, number):
        end = self.random.choice(self.ends)
        window = Window(self.now - timedelta(days=500), end) if end else None
        state = State.EFFECTIVE if self.random.random() < 0.8 else self.random.choice(list(State))
        return Service(number, self.random.choice(SERVICES), state, self.some(DISTRIBUTORS), window=window)

    def item(self):
        number = next(self.ids)
        state = ItemState.EFFECTIVE if self.random.random() < 0.9 else ItemState.NOT_EFFECTIVE
        ca_ids = {PROVIDER: f"""C-{number}'"\\ é"""} if self.random.random() < 0.5 else {"tv": "X"}
        serial = f"{self.random.choice('AZaz')}-{number}"
        return InstalledItem(serial, self.random.choice(GOODS), state, self.some(DISTRIBUTORS), ca_ids)

    def services_held(self, devices, seats):
        """Mostly what is sold, on seats."""
        for place in devices:
            for ca_id in CA_IDS:
                if self.random.random() < (0.7 if place in seats and ca_id in "12" else 0.05):
                    yield self.held(Kind.SERVICE, place, ca_id)

    def pairs_held(self, devices):
        """Each device is in one pair at most, as it is where a new pair ends the older ones."""
        seats = [one for one in devices if self.random.random() < 0.5]
        others = self.random.sample([one for one in devices if one not in seats], len(devices) - len(seats))
        for seat, other in zip(seats, others, strict=False):
            yield self.held(Kind.PAIR, seat, other)

    def held(self, kind, place, ca_id):
        usual = self.random.random() < 0.7
        return Held(
            kind,
            ca_id,
            authorised=usual or self.random.random() < 0.5,
            in_doubt=not usual and self.random.random() < 0.5,
            since=self.random.choice(self.sinces),
            place=place,
            distributor=self.random.choice(DISTRIBUTORS),
            until=self.random.choice(self.ends),
        )

    def request(self, key, devices):
        request_type = self.random.choice((GIVE, TAKE, "RENEW_SUBSCRIPTIONS", PAIR, PAIR, MAIL))
        seat, other = self.random.sample(devices, 2)
        ca_id = {PAIR: other, MAIL: ""}.get(request_type, self.random.choice(CA_IDS))
        place, distributor = {"place": seat, "ca_id": ca_id}, self.random.choice(DISTRIBUTORS)
        names = {"smartcard": seat, {PAIR: "stb", MAIL: "text"}.get(request_type, "service"): ca_id}
        row = {
            "number": next(self.numbers),
            "type": request_type,
            "sequence_number": 1,
            "subscription_id": key,
            "provider": PROVIDER,
            "parameters_set": names | {"distributor": distributor},
            "process_name": "TEST",
            "process_id": 1,
            "created_date": self.now,
            "process_immediately": False,
            "detail": "",
            "distributor": distributor,
            "file_id": self.file(request_type, ca_id) if self.random.random() < 0.5 else None,
            "life_cycle_state": self.random.choice(("PENDING", "PENDING", "PENDING", "COMPLETED", "REJECTED")),
        }
        requests.add(self.connection, [row | place])

    def file(self, request_type, ca_id):
        dates = {"period_start": self.random.choice(self.sinces), "period_end": self.random.choice(self.ends)}
        row = {
            "provider": PROVIDER,
            "number": 1,
            "name": "ps000001",
            "type": request_type,
            "ca_id": ca_id,
            "detail": "",
            "priority": "REGULAR",
            "records": 1,
            "state": "SENT",
            "begun": True,
            "errors_from": 0,
            "made_date": self.now,
        }
        statement = insert(schema.files).returning(schema.files.c.id)
        return self.connection.execute(statement, row | (dates if request_type != PAIR else {})).scalar_one()
