"""What loading files would change is shown first; it is just what loading them changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engine.adapters import ADAPTERS
from engine.domain.errors import InvalidError, NotAllowedError
from engine.service import timetable
from engine.service.difference import Change, Difference, sounds_secret

NUMBER = "S0000000001"
ADDED, CHANGED, REMOVED = Change.ADDED, Change.CHANGED, Change.REMOVED
SECRET = "0123456789abcdef0123456789abcdef"
TWIN = '{ code = "TWIN1", name = "Twin 1" }'
MAIN = '{ code = "MAIN", name = "Main" }'


@pytest.fixture
def text(configuration):
    return configuration.read_text(encoding="utf-8")


@pytest.fixture
def load(engine, dump):
    """Load a text; see that it was announced, that the preview changed nothing, and that it does not come again."""

    def loaded(content):
        before, known = dump(engine), engine.context.configuration
        announced = engine.configuration_difference({"new.toml": content}).differences
        assert (dump(engine), engine.context.configuration) == (before, known)
        assert engine.load_configuration({"new.toml": content}).differences == announced
        assert (dump(engine) == before) is not bool(announced)
        assert engine.configuration_difference({"new.toml": content}).differences == []
        return announced

    return loaded


@pytest.fixture
def refused(engine, dump):
    """Be refused, as a preview and as a load, for the same reason; nothing has changed."""

    def refusal(content, kind):
        before, known = dump(engine), engine.context.configuration
        said = set()
        for call in (engine.configuration_difference, engine.load_configuration):
            with pytest.raises(kind) as error:
                call({"new.toml": content})
            said.add(error.value.message)
        assert (dump(engine), engine.context.configuration) == (before, known)
        assert len(said) == 1
        return said.pop()

    return refusal


CASES = {
    # what is done to the files: what is shown
    "nothing": ("", "", []),
    "a name": ('name = "News"', 'name = "Nieuws"', [("products[NEWS].name", CHANGED, "News", "Nieuws")]),
    "an end point": (
        "http://tucano.test/tucano",
        "http://elsewhere.test/tucano",
        [
            (
                "providers[tv].connection.end_point",
                CHANGED,
                "http://tucano.test/tucano",
                "http://elsewhere.test/tucano",
            )
        ],
    ),
    "a password": ("sw0rd", "swan", [("providers[tv].connection.password", CHANGED, "***", "***")]),
    "a secret that was not there": (
        'user_name = "headend"',
        f'user_name = "headend", jwt_secret = "{SECRET}"',
        [("providers[tv].connection.jwt_secret", ADDED, None, "***")],
    ),
    "a parameter that is no secret, for all its name": (
        'user_name = "headend"',
        'user_name = "headend", token_life_minutes = 5',
        [("providers[tv].connection.token_life_minutes", ADDED, None, "5")],
    ),
    "a setting": ("attempts = 3", "attempts = 4", [("providers[tv].retry.attempts", CHANGED, 3, 4)]),
    "a setting that is left out": (
        "attempts = 3, first_pause_s = 1.0,",
        "first_pause_s = 1.0,",
        [],
    ),
    "components": (
        '["NEWS", "SPORT", "KIDS"]',
        '["NEWS", "SPORT"]',
        [("products[CHOICE].components", CHANGED, ("NEWS", "SPORT", "KIDS"), ("NEWS", "SPORT"))],
    ),
    "a CA ID": ("O_NEWS", "O_PAPER", [("providers[tv].services[NEWS].ca_id", CHANGED, "O_NEWS", "O_PAPER")]),
    "parameters of a service": (
        'ca_id = "O_NEWS"',
        'ca_id = "O_NEWS", parameters = { quality = "high", pin = "1234" }',
        [
            ("providers[tv].services[NEWS].parameters.quality", ADDED, None, "high"),
            ("providers[tv].services[NEWS].parameters.pin", ADDED, None, "***"),
        ],
    ),
    "a mapping less": (
        '{ product = "NEWS", ca_id = "O_NEWS" },',
        "",
        [("providers[tv].services[NEWS]", REMOVED, {"product": "NEWS", "ca_id": "O_NEWS", "parameters": {}}, None)],
    ),
    "hardware": (
        '{ product = "STB", type = "box" }',
        '{ product = "STB", type = "box", mandatory = true }',
        [("providers[tv].hardware[STB].mandatory", CHANGED, False, True)],
    ),
    "the order of the distributors": (
        f"{MAIN}, {TWIN}",
        f"{TWIN}, {MAIN}",
        [("providers[tv].distributors", CHANGED, ["MAIN", "TWIN1"], ["TWIN1", "MAIN"])],
    ),
    "not effective": ("effective = true", "effective = false", [("providers[tv].effective", CHANGED, True, False)]),
    "nothing said of the state": ("effective = true\n", "", []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_changed_is_shown_with_its_path_and_loaded_just_so(case, load, text):
    old, new, shown = CASES[case]
    assert old in text
    assert load(text.replace(old, new)) == [Difference(*one) for one in shown]


def test_a_new_provider_is_shown_with_its_parts_and_without_its_password(load):
    radio = """
    [[products]]
    code = "OPERA"
    name = "Opera"
    [[providers]]
    code = "radio"
    name = "Radio"
    protocol = "tucano"
    connection = { end_point = "http://radio.test", user_name = "us", password = "hush" }
    distributors = [{ code = "KITCHEN", name = "Kitchen" }]
    services = [{ product = "OPERA", ca_id = "R_OPERA" }]
    """
    shown = load(radio)
    assert [(one.path, one.change) for one in shown] == [
        ("products[OPERA]", ADDED),
        ("providers[radio]", ADDED),
        ("providers[radio].distributors[KITCHEN]", ADDED),
        ("providers[radio].services[OPERA]", ADDED),
    ]
    assert shown[0].wanted["name"] == "Opera"
    assert shown[1].wanted["connection"] == {"end_point": "http://radio.test", "user_name": "us", "password": "***"}
    assert shown[1].wanted["effective"] is False
    assert "services" not in shown[1].wanted
    assert "hush" not in repr(shown)


@pytest.mark.parametrize("place", ["distributors", "services", "hardware"])
def test_a_new_provider_keeps_all_its_parts(place, load, engine, text):
    load(text[text.index("[[providers]]") :].replace('"tv"', '"tv2"').replace('"MAIN"', '"M2"').replace("TWIN1", "T2"))
    assert len(getattr(engine.context.provider("tv2"), place)) == len(getattr(engine.context.provider("tv"), place))


def test_a_distributor_that_nothing_is_on_is_removed(load, engine, subscribe, text):
    subscribe(engine)
    assert [(one.path, one.change) for one in load(text.replace(TWIN, ""))] == [
        ("providers[tv].distributors[TWIN1]", REMOVED)
    ]
    assert [one.code for one in engine.context.provider("tv").distributors] == ["MAIN"]


@pytest.mark.parametrize(
    ("on_it", "count"),
    [({"products": ("NEWS",), "boxes": 0}, "1 subscription;"), ({"products": (), "boxes": 1}, "1 subscription;")],
)
def test_a_distributor_that_something_is_on_stays(on_it, count, refused, engine, subscribe, text):
    subscribe(engine, **on_it)
    said = refused(text.replace(f"{MAIN}, ", ""), NotAllowedError)
    assert said.startswith(f"new.toml: providers[tv].distributors[MAIN]: found on {count}")


def test_how_many_subscriptions_are_on_a_distributor_is_said(refused, engine, subscribe, text):
    for number in ("A", "B"):
        subscribe(engine, number)
    assert "found on 2 subscriptions;" in refused(text.replace(f"{MAIN}, ", ""), NotAllowedError)


def test_what_is_over_keeps_no_distributor(load, engine, subscribe, text, ends):
    subscribe(engine, "ENDED")
    engine.act("SWAP_SERVICE", "ENDED", service="NEWS", product="KIDS")
    engine.act("TERMINATE_SUBSCRIPTION", "ENDED")
    subscribe(engine, "A")
    engine.act("REMOVE_SERVICE", "A", service="NEWS")
    engine.act("CHANGE_DISTRIBUTION", "A", services=["SPORT"], put_on=["TWIN1"], take_off=["MAIN"])
    engine.act("CHANGE_DISTRIBUTION", "A", items=["B-A-1"], put_on=["TWIN1"], take_off=["MAIN"])
    load(text.replace(f"{MAIN}, ", ""))
    assert [service.distributors for service in engine.show("ENDED").services] == [[], [], []]
    assert engine.show("A").providers["tv"].in_sync
    assert ends(engine.act("REMOVE_SERVICE", "A", service="SPORT")) == [("SUSPEND_OPTIONS", "COMPLETED", "")]


def test_what_was_swapped_keeps_its_distributor_because_it_may_come_back(refused, engine, subscribe, text):
    subscribe(engine, products=("NEWS",), boxes=0)
    engine.act("SWAP_SERVICE", NUMBER, service="NEWS", product="SPORT")
    engine.act("CHANGE_DISTRIBUTION", NUMBER, services=["SPORT"], put_on=["TWIN1"], take_off=["MAIN"])
    assert "found on 1 subscription;" in refused(text.replace(f"{MAIN}, ", ""), NotAllowedError)


def test_a_mapping_that_is_taken_out_leaves_subscriptions_out_of_sync_until_the_reset(
    load, engine, subscribe, text, standing, ends, platform
):
    subscribe(engine)
    load(text.replace('{ product = "NEWS", ca_id = "O_NEWS" },', ""))
    assert standing(engine).differences == ["-option O_NEWS"]
    assert ends(engine.reset(NUMBER)) == [("SUSPEND_OPTIONS", "COMPLETED", "")]
    assert standing(engine).in_sync


def test_the_last_mapping_of_an_effective_provider_stays(refused, text):
    begin, end = text.index("services = [\n    { product"), text.index("hardware")
    for state in ("effective = true", ""):
        without = text[:begin].replace("effective = true", state) + text[end:]
        assert "providers[tv].effective: found true with no service mapping" in refused(without, InvalidError)


NIGHT = '[[definitions]]\ncode = "NIGHT"\nname = "By night"\nkind = "maintenance"\nschedule = "0 3 * * *"\n'


def test_definitions_are_shown_kept_and_stay_when_they_are_not_named(load, engine, restart, text):
    (added,) = load(NIGHT)
    assert (added.path, added.change, added.wanted["effective"]) == ("definitions[NIGHT]", ADDED, False)
    later = load(NIGHT.replace("0 3", "0 4") + "effective = true\n")
    assert later == [
        Difference("definitions[NIGHT].schedule", CHANGED, "0 3 * * *", "0 4 * * *"),
        Difference("definitions[NIGHT].effective", CHANGED, found=False, wanted=True),
    ]
    assert load(NIGHT.replace("0 3", "0 4")) == []
    assert load(text) == []
    for one in (engine, restart(engine)):
        (definition,) = one.definitions()
        assert (definition.code, definition.schedule, definition.effective) == ("NIGHT", "0 4 * * *", True)


@pytest.mark.parametrize(
    ("then", "runs"),
    [
        (NIGHT.replace("0 3", "0 5"), 0),
        (NIGHT.replace("By night", "Nightly"), 1),
    ],
)
def test_a_schedule_that_changes_has_missed_nothing(then, runs, engine, clock):
    """Looked after at noon, changed at six in the morning: what would have been due at five is not made up for."""
    engine.load_configuration({"night": NIGHT + "effective = true\n"})
    assert list(timetable.submit_due(engine.context)) == []
    clock.at += timedelta(hours=18)
    engine.load_configuration({"night": then})
    assert len(list(timetable.submit_due(engine.context))) == runs
    wait(engine)
    clock.at += timedelta(days=1)
    assert list(timetable.submit_due(engine.context)) == ["NIGHT"]
    wait(engine)


def wait(engine):
    """Until no run goes on."""
    for run in engine.runs("NIGHT").results:
        engine.wait_for(run.id, 20)


def test_files_do_not_show_what_is_pointed_elsewhere_for_now(load, engine, text):
    engine.point("tv", end_point="http://elsewhere.test")
    assert load(text) == []


def test_a_second_provider_is_refused_where_the_platform_takes_one(refused, load, engine, text):
    second = text[text.index("[[providers]]") :].replace('"tv"', '"tv2"').replace("MAIN", "M2").replace("TWIN1", "T2")
    alone = {"tucano": replace(ADAPTERS["tucano"], only_one_provider=True)}
    engine.context = replace(engine.context, adapters=alone)
    assert load(text) == []
    said = refused(second, InvalidError)
    assert said == "new.toml: providers[tv2].protocol: found 'tucano' a second time, beside tv; wanted: once only."


@pytest.mark.parametrize("name", ["password", "jwt_secret", "key", "api-key", "Token", "pin", "session_key"])
def test_names_that_sound_secret(name):
    assert sounds_secret(name)


@pytest.mark.parametrize("name", ["spinning", "keyboard", "user_name", "passwords_allowed"])
def test_names_that_only_look_so(name):
    assert not sounds_secret(name)
