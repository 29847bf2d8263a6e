"""The error-handling run: what has become of files, taken down once, and then removed at the platform."""

from datetime import timedelta

import pytest

from engine.domain.errors import InvalidError
from engine.ports import FoldersError
from engine.service.files import found
from engine.service.files.upload import send_files
from engine.store import files, requests
from tests.engine.at_conax import add_conax, card, subscribe_at_conax

COLLECT = """
[[definitions]]
code = "COLLECT"
name = "Collect"
kind = "error_handling"
provider = "conax"
effective = true
"""
NEWS, SPORT = "10001001", "10001002"
CARDS = ("01234567890", "01234567891", "01234567892")
SAID_NO = FoldersError("REFUSED", "550 No.", refused=True)
XML = """<AuthorisationStatuses><AuthorisationStatus cardNo="{}"><Product id="10001001">
<AuthorisationEnd year="2030" month="7" day="15"/></Product></AuthorisationStatus></AuthorisationStatuses>"""


class Office:
    """An engine with a subscription for each card, and its files at the platform."""

    def __init__(self, engine, site):
        self.engine = engine
        self.site = site
        for number, one in enumerate(CARDS, start=1):
            subscribe_at_conax(engine, f"S{number}", card(one))

    def ask(self, request_type="ADD_SUBSCRIPTIONS", cards=CARDS, service=NEWS, **more):
        """Requests, PENDING."""
        context = self.engine.context
        adapter = context.adapter(context.provider("conax"))
        with context.database.transaction() as connection:
            numbers = requests.take_numbers(connection, "conax", len(cards))
            for number, one in zip(numbers, cards, strict=True):
                said = {
                    "smartcard": one,
                    "distributor": "CONAX_MAIN",
                    **({"service": service} if service else {}),
                    **more,
                }
                row = {
                    "number": number, "type": request_type, "sequence_number": 1,
                    "subscription_id": CARDS.index(one) + 1, "provider": "conax", "parameters_set": said,
                    "process_name": "PROCESS", "process_id": 1, "created_date": context.clock.now(),
                    "process_immediately": False, **adapter.about(request_type, said),
                }  # fmt: skip
                requests.add(connection, [row])

    def send(self, request_type="ADD_SUBSCRIPTIONS", cards=CARDS, service=NEWS, **more):
        """Files of such requests, sent."""
        self.ask(request_type, cards, service, **more)
        context = self.engine.context
        return [one.file for one in send_files(context, context.provider("conax"), until=context.clock.now())]

    def collect(self):
        """The run, and its log."""
        run = self.engine.run("COLLECT")
        return run, self.log(run)

    def log(self, run):
        return [f"{one.subscription}: {one.message}" for one in self.engine.run_log(run.id).results]

    def states(self):
        found = self.engine.requests()
        return {
            one.parameters_set["smartcard"]: (one.life_cycle_state.value, one.error_code, one.file) for one in found
        }

    def held(self):
        """What is believed to be authorised, by card; not what was only asked for."""
        rights = {}
        for number, one in enumerate(CARDS, start=1):
            known = self.engine.show(f"S{number}").providers["conax"].believed_held.dated
            rights[one] = [right.ca_id for right in known if right.authorised and not right.awaiting]
        return rights

    def files(self):
        with self.engine.context.database.reading() as connection:
            return {one.name: (one.state.value, one.cleared) for one in files.find(connection, {})}

    def there(self, folder):
        return sorted(self.site.folders[f"/op/autreq/{folder}"])


@pytest.fixture
def office(engine, tmp_path):
    site = add_conax(engine, tmp_path)
    (tmp_path / "collect.toml").write_text(COLLECT, encoding="utf-8")
    engine.configure(tmp_path / "collect.toml")
    return Office(engine, site)


def counted(run):
    counts = run.counts
    return run.state.value, counts.examined, counts.changed, counts.requests, counts.rejected, counts.errors


def test_the_requests_of_a_file_that_was_accepted_are_completed_and_its_answer_is_removed(office):
    (sent,) = office.send()
    assert (sent.name, office.held()) == ("ps000001", {one: [] for one in CARDS})
    office.site.accept("ps000001.emm")
    run, log = office.collect()
    assert counted(run) == ("COMPLETED", 1, 1, 3, 0, 0)
    assert log == [": conax: ps000001.emm ADD_SUBSCRIPTIONS 10001001: 3 records, accepted"]
    assert set(office.states().values()) == {("COMPLETED", "", "ps000001")}
    assert office.held() == {one: [NEWS] for one in CARDS}
    assert (office.files(), office.there("ok")) == ({"ps000001": ("ACCEPTED", True)}, [])
    (one, *_) = office.engine.requests()
    assert (one.request, one.response, one.reference_number, one.attempts) == ("ps000001.emm", "ok", "000001", 1)


def test_a_refusal_of_one_card_rejects_its_request_and_lets_the_others_go_into_another_file(office):
    office.send()
    office.site.refuse("ps000001.emm", "ERR_CARDNUM", 11)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 1, 1, 1, 0)
    said = "ERR_CARDNUM line 11: 1 rejected, 2 stay PENDING for another file"
    assert log == [
        f": conax: ps000001.emm ADD_SUBSCRIPTIONS 10001001: 3 records, {said}",
        f"S2: ERR_CARDNUM line 11: {CARDS[1]} {NEWS}",
    ]
    bad, free = ("REJECTED", "ERR_CARDNUM", "ps000001"), ("PENDING", "", "")
    assert office.states() == {CARDS[0]: free, CARDS[1]: bad, CARDS[2]: free}
    (one,) = office.engine.requests(life_cycle_state="REJECTED")
    assert one.error_description == "Line 11 of ps000001.emm: a card, or an STB."
    assert office.held() == {one: [] for one in CARDS}
    assert (office.files(), office.there("err")) == ({"ps000001": ("REFUSED", True)}, ["errors.txt"])


def test_a_refusal_of_the_file_rejects_all_of_it(office):
    office.send()
    office.site.refuse("ps000001.emm", "ERR_PRODUCT", 3)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 1, 3, 3, 0)
    assert len(log) == 4
    assert set(office.states().values()) == {("REJECTED", "ERR_PRODUCT", "ps000001")}


def test_a_file_that_waits_is_named_and_named_as_overdue_later(office, clock):
    office.send()
    run, log = office.collect()
    assert counted(run) == ("COMPLETED", 1, 0, 0, 0, 0)
    assert log == [": conax: ps000001.emm ADD_SUBSCRIPTIONS 10001001: 3 records, not answered yet"]
    clock.at += timedelta(hours=24, seconds=1)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 0, 0, 0, 1)
    assert log[0].endswith("3 records, not answered; overdue, for it was sent 2030-06-15 12:00 UTC")
    assert set(office.states().values()) == {("PENDING", "", "ps000001")}


def test_a_file_that_is_nowhere_is_named(office):
    office.send()
    office.site.waiting.clear()
    run, log = office.collect()
    assert counted(run)[0] == "COMPLETED_WITH_ERRORS"
    assert log[0].endswith("3 records, missing: it neither waits nor was it answered")
    assert office.files() == {"ps000001": ("SENT", False)}


@pytest.mark.parametrize(
    "written", [b"", b"ps000001.emm:\r\n", b"ps000001.emm:\r\nERR_PROD", b"ps000001.emm:\r\nERR_PRODUCT 3"]
)
def test_a_refusal_without_a_whole_entry_stays_until_there_is_one(written, office):
    office.send()
    office.site.refuse("ps000001.emm", "ERR_PRODUCT", 3)
    errors = office.site.folders["/op/autreq/err"]
    whole, errors["errors.txt"] = errors["errors.txt"], written
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 0, 0, 0, 1)
    assert log[0].endswith("refused, but no whole entry in the list of errors says why")
    assert (set(office.states().values()), office.there("err")) == (
        {("PENDING", "", "ps000001")},
        ["errors.txt", "ps000001.emm"],
    )
    errors["errors.txt"] = whole
    office.collect()
    assert set(office.states().values()) == {("REJECTED", "ERR_PRODUCT", "ps000001")}


def test_an_entry_from_before_the_sending_is_of_another_file_of_that_name(office):
    office.site.folders["/op/autreq/err"]["errors.txt"] = b"ps000001.emm:\r\nERR_PRODUCT 3\r\n"
    office.send()
    office.site.refuse("ps000001.emm", "ERR_CARDNUM", 10)
    office.collect()
    assert office.states()[CARDS[0]] == ("REJECTED", "ERR_CARDNUM", "ps000001")


def test_a_list_of_errors_that_was_begun_anew_is_read_from_its_beginning(office):
    errors = office.site.folders["/op/autreq/err"]
    errors["errors.txt"] = b"old.emm:\r\nERR_NAME 0\r\n" * 9
    office.send()
    errors["errors.txt"] = b""
    office.site.refuse("ps000001.emm", "ERR_CARDNUM", 10)
    office.collect()
    assert office.states()[CARDS[0]] == ("REJECTED", "ERR_CARDNUM", "ps000001")


def test_the_newest_of_several_entries_counts(office):
    office.send()
    errors = office.site.folders["/op/autreq/err"]
    errors["errors.txt"] = b"ps000001.emm:\r\nERR_PRODUCT 3\r\nnobody.emm:\r\nERR_NAME 0\r\ngarbage\r\n\xff\xfe\r\n"
    office.site.refuse("ps000001.emm", "ERR_CARDNUM", 12)
    office.collect()
    assert office.states()[CARDS[2]] == ("REJECTED", "ERR_CARDNUM", "ps000001")


@pytest.mark.parametrize("operation", ["size", "read"])
def test_a_list_of_errors_that_may_not_be_read_keeps_only_those_waiting_that_were_refused(operation, office):
    office.send(cards=CARDS[:1])
    office.send(cards=CARDS[1:])
    office.site.accept("ps000001.emm")
    office.site.refuse("ps000002.emm", "ERR_CARDNUM", 10)
    office.site.fail(operation, SAID_NO)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 2, 1, 1, 0, 1)
    assert log[-1].endswith("2 records, refused, but the list of errors can't be read: REFUSED: 550 No.")
    office.collect()
    assert [state for state, *_ in office.states().values()] == ["COMPLETED", "REJECTED", "PENDING"]


def test_of_a_list_of_errors_that_has_grown_without_measure_the_end_is_read(office, monkeypatch):
    monkeypatch.setattr(found, "MOST_BYTES", 100)
    office.send()
    errors = b"ps000001.emm:\r\nERR_NAME 0\r\n" + b"\0" * 1_000 + b"\r\n"
    office.site.folders["/op/autreq/err"] |= {"errors.txt": errors, "ps000001.emm": b""}
    assert "no whole entry" in office.collect()[1][-1]
    office.site.folders["/op/autreq/err"]["errors.txt"] += b"ps000001.emm:\r\nERR_CARDNUM 12\r\n"
    office.collect()
    assert office.states()[CARDS[2]] == ("REJECTED", "ERR_CARDNUM", "ps000001")


def test_several_files_are_taken_down_in_one_run(office):
    office.send(cards=CARDS[:1])
    office.send(cards=CARDS[1:2])
    office.send(cards=CARDS[2:])
    office.site.accept("ps000001.emm")
    office.site.refuse("ps000002.emm", "ERR_DATES", 5)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 3, 2, 2, 1, 0)
    assert [line.partition(", ")[2] for line in log if "record" in line] == [
        "accepted",
        "ERR_DATES line 5: 1 rejected",
        "not answered yet",
    ]


def test_what_is_none_of_ours_is_named_and_left_alone(office):
    office.site.folders["/op/autreq/ok"] |= {"ps999999.emm": b"", "notes.txt": b""}
    run, log = office.collect()
    assert counted(run) == ("COMPLETED", 0, 0, 0, 0, 0)
    assert log == [
        ": conax: /op/autreq/ok/notes.txt is none of ours; it is left alone",
        ": conax: /op/autreq/ok/ps999999.emm is none of ours; it is left alone",
    ]
    assert office.there("ok") == ["notes.txt", "ps999999.emm"]


def test_an_answer_that_comes_again_is_named_and_removed(office):
    office.send()
    office.site.accept("ps000001.emm")
    office.collect()
    office.site.folders["/op/autreq/err"] |= {"ps000001.emm": b"", "errors.txt": b"ps000001.emm:\r\nERR_TRANSNUM 2\r\n"}
    run, log = office.collect()
    assert (counted(run), office.there("err")) == (("COMPLETED", 0, 0, 0, 0, 0), ["errors.txt"])
    assert log == [": conax: /op/autreq/err/ps000001.emm has come again, after it had been accepted; it is removed"]
    assert set(office.states().values()) == {("COMPLETED", "", "ps000001")}


def test_a_file_that_is_in_both_folders_was_accepted(office):
    office.send()
    content = office.site.waiting["ps000001.emm"]
    office.site.refuse("ps000001.emm", "ERR_TRANSNUM", 2)
    office.site.folders["/op/autreq/ok"]["ps000001.emm"] = content
    _run, log = office.collect()
    assert log[0].endswith("3 records, accepted, though there is a refusal too")
    assert (office.there("ok"), office.there("err")) == ([], ["errors.txt"])


def test_what_was_asked_for_is_kept_with_the_request(office):
    office.send("QUERY_STATUS", CARDS[:2], service="")
    office.site.accept("sc000001.emm", XML.format(CARDS[0]).encode())
    run, _log = office.collect()
    assert counted(run) == ("COMPLETED", 1, 1, 2, 0, 0)
    answers = [one.answer for one in office.engine.requests()]
    assert answers == [{"PRODUCTS": {NEWS: "2030-07-15"}}, None]


def test_an_answer_that_cannot_be_read_stays_until_it_can(office):
    office.send("QUERY_STATUS", CARDS[:1], service="")
    whole = XML.format(CARDS[0]).encode()
    office.site.accept("sc000001.emm", whole[:-20])
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 0, 0, 0, 1)
    assert "accepted, but its answer can't be read: not XML" in log[0]
    office.site.folders["/op/autreq/ok"]["sc000001.emm"] = whole
    assert counted(office.collect()[0]) == ("COMPLETED", 1, 1, 1, 0, 0)


def test_a_pair_and_what_is_taken_away_are_held_as_they_were_asked_for(office):
    sent = office.send("CREATE_PAIRING", CARDS[:1], service="", stb="09876543210")
    sent += office.send("CANCEL_SUBSCRIPTIONS", CARDS[:1])
    for one in sent:
        office.site.accept(f"{one.name}.emm")
    assert counted(office.collect()[0]) == ("COMPLETED", 2, 2, 2, 0, 0)
    assert office.engine.show("S1").providers["conax"].believed_held.items == ["09876543210"]


def test_a_connection_that_is_lost_is_made_again(office):
    office.send()
    office.site.accept("ps000001.emm")
    for operation in ("connect", "names", "remove"):
        office.site.fail(operation)
    run, _log = office.collect()
    assert (counted(run), office.files()) == (("COMPLETED", 1, 1, 3, 0, 0), {"ps000001": ("ACCEPTED", True)})


def test_where_the_platform_cannot_be_reached_the_run_fails_and_goes_on_when_it_is_resumed(office):
    office.send()
    office.site.accept("ps000001.emm")
    office.site.fail("remove", times=3)
    run, _log = office.collect()
    assert (run.state, run.reason) == (
        "FAILED",
        "Provider conax can't be reached: CONNECTION_LOST: They hung up. Resume it to go on.",
    )
    assert (office.files(), office.there("ok")) == ({"ps000001": ("ACCEPTED", False)}, ["ps000001.emm"])
    office.engine.resume(run.id)
    run = office.engine.wait_for(run.id, 10)
    assert (counted(run), office.there("ok")) == (("COMPLETED", 1, 1, 3, 0, 0), [])
    assert office.log(run)[-1].endswith("3 records, had been accepted before; its answer is removed")


def test_an_answer_that_may_not_be_removed_is_removed_by_the_next_run(office):
    office.send()
    office.site.accept("ps000001.emm")
    office.site.fail("remove", SAID_NO)
    run, log = office.collect()
    assert counted(run) == ("COMPLETED_WITH_ERRORS", 1, 1, 3, 0, 1)
    assert log[-1].endswith("its answer can't be removed: REFUSED: 550 No.")
    assert counted(office.collect()[0]) == ("COMPLETED", 1, 0, 0, 0, 0)
    assert office.files() == {"ps000001": ("ACCEPTED", True)}


@pytest.mark.parametrize("error", [SAID_NO, FoldersError("LOGIN_REFUSED", "530 No.", refused=True)])
@pytest.mark.parametrize("operation", ["connect", "names"])
def test_a_platform_that_lets_nobody_look_is_not_asked_again(operation, error, office, clock):
    office.send()
    office.site.fail(operation, error)
    run, _log = office.collect()
    assert run.state == "FAILED"
    assert str(error) in run.reason
    assert not clock.waits


def test_nothing_is_collected_from_a_provider_that_is_not_effective(office):
    office.send()
    office.engine.set_provider_effective("conax", effective=False)
    run, _log = office.collect()
    assert (run.state, run.reason) == (
        "FAILED",
        "Provider conax is NOT_EFFECTIVE: nothing is sent to it. Resume it to go on.",
    )


def test_a_preview_says_how_files_were_found_and_takes_nothing_down(office, dump):
    office.send(cards=CARDS[:1])
    office.send(cards=CARDS[1:])
    office.site.accept("ps000001.emm")
    before = dump(office.engine)
    page = office.engine.preview("COLLECT")
    assert page.total == 2
    assert [one.parameters for one in page.results] == [
        {"file": "ps000001.emm", "records": 1, "found": "accepted"},
        {"file": "ps000002.emm", "records": 2, "found": "waits"},
    ]
    assert (dump(office.engine), office.there("ok")) == (before, ["ps000001.emm"])


@pytest.mark.parametrize("provider", ["", 'provider = "tv"'])
def test_what_is_collected_from_takes_files(provider, office, tmp_path):
    text = f'[[definitions]]\ncode = "C2"\nname = "C"\nkind = "error_handling"\n{provider}\n'
    found = "'tv'" if provider else "nothing"
    with pytest.raises(InvalidError, match=rf"found {found}; wanted: one that takes files \(conax\)"):
        office.engine.load_configuration({"more": text})
