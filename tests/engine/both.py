"""A second provider, at Irdeto, beside the one of all tests; and a transport that says yes at both."""

from dataclasses import replace

from lxml import etree

from engine.ports import Reply

CONFIGURATION = """
products = [{ code = "CARD", name = "Card", classification = "physical_good", traceable = true }]

[[providers]]
code = "ca"
name = "CA"
protocol = "irdeto"
effective = true
connection = { end_point = "http://kms.test/irdeto", user_name = "us", password = "hush", default_pin = "4711" }
distributors = [{ code = "CA_MAIN", name = "1" }, { code = "CA_TWIN1", name = "2" }]
services = [{ product = "NEWS", ca_id = "C_NEWS" }]
hardware = [{ product = "STB", type = "STB" }, { product = "CARD", type = "SMARTCARD" }]
retry = { attempts = 3, first_pause_s = 1.0, longest_pause_s = 4.0, total_s = 100.0 }
breaker = { failures = 1000, pause_s = 60.0 }

[[definitions]]
code = "MAIL"
name = "Mail"
kind = "mail"
provider = "ca"
filters = { external_system = "CRM" }
effective = true

[[definitions]]
code = "PROCESS"
name = "Process"
kind = "process_provisioning_requests"
effective = true
"""
SOAP, KMS = "http://schemas.xmlsoap.org/soap/envelope/", "urn:headend:irdeto-kms:1"


def call_of(message):
    """The call in a message to Irdeto: its name, its transactionId, what else is said."""
    said = etree.fromstring(message.body)[0][0]
    reference, *rest = [one.text or one.get("caId") for one in said]
    return etree.QName(said).localname, reference, rest


def enveloped(body, status=200):
    return Reply(status, "", {}, f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'.encode())


def accepted(message, answer=""):
    """Irdeto says yes, with an answer where something was asked for."""
    name, reference, _said = call_of(message)
    number = f"<transactionId>{reference}</transactionId><reference>KMS-1</reference>"
    return enveloped(f'<{name}_RESPONSE xmlns="{KMS}">{number}{answer}</{name}_RESPONSE>')


def refused(code):
    """Irdeto refuses with a code."""

    def answer(message):
        _name, reference, _said = call_of(message)
        detail = f'<refusal xmlns="{KMS}" code="{code}" transactionId="{reference}"/>'
        return enveloped(f"<s:Fault><faultstring>why</faultstring><detail>{detail}</detail></s:Fault>", 500)

    return answer


class Both:
    """A transport to both: what goes to Irdeto is kept in `calls`, and answered as it was told, or with yes."""

    def __init__(self, other):
        self.other = other
        self.calls = []
        self.answers = []

    def send(self, message, timeouts):
        if "kms.test" not in message.url:
            return self.other.send(message, timeouts)
        self.other.before_answer(message)
        self.other.messages.append(message)
        self.calls.append(call_of(message))
        answer = self.answers.pop(0) if self.answers else accepted
        return answer(message) if callable(answer) else answer

    def close(self):
        pass

    @property
    def names(self):
        return [name for name, _reference, _said in self.calls]


def add_irdeto(engine, platform, folder):
    """Let the engine have a provider at Irdeto too; gives the transport to both."""
    (folder / "irdeto.toml").write_text(CONFIGURATION, encoding="utf-8")
    engine.configure(folder / "irdeto.toml")
    both = Both(platform)
    engine.context = replace(engine.context, transport=both)
    return both
