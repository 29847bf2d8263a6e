"""An engine at a platform that takes files, and requests for it that no gap has called for."""

from dataclasses import replace

from sqlalchemy import select, update

from engine.service.files.upload import send_files
from engine.store import files, requests, schema
from tests.engine.at_conax import add_conax, lines, subscribe_at_conax

CANCEL, RENEW, ADD = "CANCEL_SUBSCRIPTIONS", "RENEW_SUBSCRIPTIONS", "ADD_SUBSCRIPTIONS"
PAIR, BARK = "CREATE_PAIRING", "SEND_BARK_MESSAGE_TO_CLIENT"
NEWS, SPORT = "10001001", "10001002"


class Desk:
    """Makes requests, has them sent, and looks at what has become of them. Each card has a subscription."""

    def __init__(self, engine, folder):
        self.engine = engine
        self.site = add_conax(engine, folder)
        self.owners = {}

    @property
    def clock(self):
        return self.engine.context.clock

    @property
    def now(self):
        return self.clock.now()

    @property
    def provider(self):
        return self.engine.context.provider("conax")

    def subscription(self, serial_number):
        """The number of the subscription with this card, made if there is none."""
        if serial_number not in self.owners:
            number = f"S{len(self.owners) + 1}"
            subscribe_at_conax(self.engine, number, products=())
            self.owners[serial_number] = number
        return self.owners[serial_number]

    def key(self, number):
        if number not in self.owners.values():
            self.owners[number] = number
            subscribe_at_conax(self.engine, number, products=())
        return self.engine.show(number).id

    def ask(self, request_type, *cards, service=NEWS, stb="", payload="", start_date="", owner="", **more):
        """A request for each card, PENDING; gives their keys."""
        context, made = self.engine.context, []
        adapter = context.adapter(self.provider)
        keys = [self.key(owner or self.subscription(one)) for one in cards]
        with context.database.transaction() as connection:
            numbers = requests.take_numbers(connection, "conax", len(cards))
            for number, key, one in zip(numbers, keys, cards, strict=True):
                said = {"smartcard": one, "stb": stb, "payload": payload, "start_date": start_date}
                said = {name: value for name, value in said.items() if value}
                if not (stb or payload):
                    said["service"] = service
                row = {
                    "number": number, "type": request_type, "sequence_number": 1, "subscription_id": key,
                    "provider": "conax", "parameters_set": said, "process_name": "PROCESS", "process_id": 1,
                    "created_date": self.now, "process_immediately": False, **adapter.about(request_type, said), **more,
                }  # fmt: skip
                made.append(requests.add_one(connection, row))
        return made

    def send_all(self, **more):
        """What came of each file that was to be sent."""
        return list(send_files(self.engine.context, self.provider, until=self.now, **more))

    def sent(self, **more):
        """The names of the files that were sent."""
        done = self.send_all(**more)
        assert not any(one.left for one in done), done
        return [one.file.name for one in done if one.file]

    def send(self, **more):
        """The names of the files that were sent, with how many records."""
        known = dict.fromkeys(self.sent(**more))
        return [f"{one.name} {one.records}" for one in self.files() if one.name in known]

    def files(self):
        with self.engine.context.database.reading() as connection:
            return files.find(connection, {})

    def cards(self, name):
        """The cards in a file that waits."""
        return lines(self.site.waiting[f"{name}.emm"])[10 if name.startswith("gp") else 9 : -2]

    def limit(self, records):
        """How many records a file may have, from now on."""
        self.change(operations={"maximum_records": str(records)})

    def change(self, **parts):
        """Configure the provider differently, until the engine ends."""
        known = self.engine.context.configuration
        changed = {**known.providers, "conax": replace(self.provider, **parts)}
        self.engine.context.configuration = replace(known, providers=changed)

    def set_last(self, number):
        """The last transaction number that was taken."""
        self.write(update(schema.providers).values(last_transaction=number))

    def end(self, key):
        """A request has ended, and its file is answered."""
        mine = schema.requests.c.id == key
        self.write(update(schema.requests).where(mine).values(life_cycle_state="COMPLETED"))
        filed = select(schema.requests.c.file_id).where(mine).scalar_subquery()
        self.write(update(schema.files).where(schema.files.c.id == filed).values(state="ACCEPTED"))

    def release(self, name):
        """A file was refused for one record of it; the others are in none again."""
        (file,) = [one for one in self.files() if one.name == name]
        self.write(update(schema.requests).where(schema.requests.c.file_id == file.id).values(file_id=None))
        self.write(update(schema.files).where(schema.files.c.id == file.id).values(state="REFUSED"))

    def tell_of(self, serial_number, entry):
        """The request for a card is to tell of an entry of the communication queue."""
        mine = schema.requests.c.place == serial_number
        self.write(update(schema.requests).where(mine).values(communication_entry=entry))

    def write(self, statement):
        with self.engine.context.database.transaction() as connection:
            connection.execute(statement)
