"""A provider at Conax for tests of the engine, and the folders of a platform that only keeps what is put there."""

from dataclasses import replace

from tests.engine.fakes import FakeSite

CONFIGURATION = """
products = [{ code = "SMARTCARD", name = "Smartcard", classification = "physical_good", traceable = true }]

[[providers]]
code = "conax"
name = "Conax"
protocol = "conax"
effective = true
connection = { host_name = "sas.test", user_name = "us", password = "hush", home_directory = "/op" }
distributors = [{ code = "CONAX_MAIN", name = "1" }, { code = "CONAX_TWIN1", name = "2" }]
services = [{ product = "NEWS", ca_id = "10001001" }, { product = "SPORT", ca_id = "10001002" }]
hardware = [{ product = "STB", type = "STB" }, { product = "SMARTCARD", type = "SMARTCARD" }]
retry = { attempts = 3, first_pause_s = 1.0, longest_pause_s = 4.0, total_s = 100.0 }
breaker = { failures = 1000, pause_s = 60.0 }

[[definitions]]
code = "BARK"
name = "Mail and bark"
kind = "mail"
provider = "conax"
filters = { external_system = "CRM", message_type = "BARK", sequence = "7", duration = "30" }
effective = true

[[definitions]]
code = "SEND"
name = "Process"
kind = "process_provisioning_requests"
provider = "conax"
effective = true

[[definitions]]
code = "ANSWERS"
name = "Answers"
kind = "error_handling"
provider = "conax"
effective = true
"""
ADA = {"first_name": "Ada", "last_name": "Lovelace"}


def add_conax(engine, folder):
    """Let the engine have a provider at Conax too; gives its folders."""
    (folder / "conax.toml").write_text(CONFIGURATION, encoding="utf-8")
    engine.configure(folder / "conax.toml")
    site = FakeSite("/op")
    engine.context = replace(engine.context, folders=site)
    return site


def card(serial_number, product="SMARTCARD", distributor="CONAX_MAIN"):
    """A card (or an STB) to be."""
    return {"product": product, "serial_number": serial_number, "distributors": [distributor]}


def subscribe_at_conax(engine, number, *items, products=("NEWS",)):
    """A subscription with services and devices at Conax."""
    services = [{"product": product, "distributors": ["CONAX_MAIN"]} for product in products]
    return engine.act("BECOME_SUBSCRIBER", subscriber=ADA, services=services, items=list(items), number=number)


def accept_all(engine, site):
    """Let the platform accept all that waits, and the engine read that."""
    for name in list(site.waiting):
        site.accept(name)
    assert engine.run("ANSWERS").state == "COMPLETED"


def lines(content):
    """The lines of a file."""
    return content.decode().split("\r\n")
