"""A provider that is Not Effective: nothing is sent to it, nothing is planned for it, nothing is lost."""

import pytest

from engine.domain.errors import NotAllowedError, UnknownError

NUMBER = "S0000000001"


@pytest.fixture
def dormant(engine, change):
    change(effective=False)
    return engine


def test_nothing_is_sent_and_a_later_reset_finds_it_all(dormant, change, subscribe, platform, standing, ends):
    assert subscribe(dormant).requests == ()
    assert platform.messages == []
    assert (standing(dormant).effective, standing(dormant).in_sync) == (False, False)
    assert standing(dormant).differences == ["+account", "+material B-1-1", "+option O_NEWS", "+option O_SPORT"]
    assert dormant.reset(NUMBER).requests == ()
    change(effective=True)
    assert ends(dormant.reset(NUMBER)) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "COMPLETED", ""),
        ("ACTIVATE_OPTIONS", "COMPLETED", ""),
    ]
    assert standing(dormant).in_sync


def test_what_was_taken_away_meanwhile_is_taken_by_the_reset(engine, change, subscribe, standing, ends):
    subscribe(engine)
    change(effective=False)
    engine.act("TERMINATE_SUBSCRIPTION", NUMBER)
    change(effective=True)
    assert ends(engine.reset(NUMBER)) == [("REMOVE_MATERIAL", "COMPLETED", ""), ("SUSPEND_OPTIONS", "COMPLETED", "")]
    assert standing(engine).in_sync


def test_a_reset_that_names_it_is_refused(dormant, subscribe):
    subscribe(dormant)
    with pytest.raises(NotAllowedError, match="Provider tv is NOT_EFFECTIVE: nothing is sent to it") as refusal:
        dormant.reset(NUMBER, "tv")
    assert refusal.value.field == "provider"


def test_a_reset_that_names_a_provider_or_a_subscription_that_there_is_not_is_refused(engine, subscribe):
    subscribe(engine)
    with pytest.raises(UnknownError, match="Unknown provider 'radio'"):
        engine.reset(NUMBER, "radio")
    with pytest.raises(UnknownError, match="Unknown subscription 'S9'"):
        engine.reset("S9")


def test_what_was_pending_when_it_became_not_effective_is_not_sent_by_recovery(
    engine, change, subscribe, platform, standing
):
    class PowerCut(BaseException):
        pass

    def cut(_message):
        raise PowerCut

    platform.before_answer = cut
    with pytest.raises(PowerCut):
        subscribe(engine)
    platform.before_answer = lambda _message: None
    change(effective=False)
    engine.recover()
    assert platform.messages == []
    assert standing(engine).pending == 3
    change(effective=True)
    engine.recover()
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]
    assert standing(engine).in_sync


NEW = """
[[providers]]
code = "radio"
name = "Radio"
protocol = "tucano"
connection = { end_point = "http://radio.test", user_name = "us", password = "secret" }
"""
DISTRIBUTOR = 'distributors = [{ code = "KITCHEN", name = "Kitchen" }]\n'
SERVICE = 'services = [{ product = "NEWS", ca_id = "R_NEWS" }]\n'


def state(engine, code="tv"):
    return next(one.effective for one in engine.providers() if one.code == code)


@pytest.mark.parametrize(
    ("parts", "lacking"),
    [
        ("", "no distributor and no service mapping"),
        (DISTRIBUTOR, "no service mapping"),
        (SERVICE, "no distributor"),
    ],
)
def test_a_new_provider_is_not_effective_and_can_not_be_while_it_lacks_something(parts, lacking, engine, dump):
    engine.load_configuration({"radio.toml": NEW + parts})
    before = dump(engine)
    assert not state(engine, "radio")
    with pytest.raises(NotAllowedError) as refusal:
        engine.set_provider_effective("radio", effective=True)
    wanted = "at least one distributor and one service mapping"
    assert refusal.value.message == f"Provider radio can't be set as effective: found {lacking}; wanted: {wanted}."
    assert refusal.value.field == "provider"
    assert dump(engine) == before


def test_a_provider_that_has_all_is_set_as_effective_and_not_effective_and_stays_so(engine, restart):
    engine.load_configuration({"radio.toml": NEW + DISTRIBUTOR + SERVICE})
    for effective in (True, True, False, False):
        assert engine.set_provider_effective("radio", effective=effective).effective is effective
        assert state(engine, "radio") is state(restart(engine), "radio") is effective
    assert state(engine)


def test_a_file_that_does_not_say_leaves_the_state_as_it_is(engine):
    for said, effective in (("", False), ("effective = true\n", True), ("", True), ("effective = false\n", False)):
        text = NEW.replace("connection", f"{said}connection") + DISTRIBUTOR + SERVICE
        engine.load_configuration({"radio.toml": text})
        assert state(engine, "radio") is effective


def test_a_provider_that_there_is_not_is_neither(engine):
    for effective in (True, False):
        with pytest.raises(UnknownError, match="Unknown provider 'radio'; known: tv"):
            engine.set_provider_effective("radio", effective=effective)


def test_what_piles_up_while_it_is_not_effective_is_found_by_the_reset(engine, subscribe, platform, standing, ends):
    subscribe(engine)
    platform.messages.clear()
    engine.set_provider_effective("tv", effective=False)
    assert engine.act("ADD_SERVICE", NUMBER, product="KIDS", distributors=["MAIN"]).requests == ()
    assert engine.act("REMOVE_SERVICE", NUMBER, service="NEWS").requests == ()
    assert platform.messages == []
    assert standing(engine).differences == ["-option O_NEWS", "+option O_KIDS"]
    engine.set_provider_effective("tv", effective=True)
    assert platform.messages == []
    assert ends(engine.reset(NUMBER)) == [("SUSPEND_OPTIONS", "COMPLETED", ""), ("ACTIVATE_OPTIONS", "COMPLETED", "")]
    assert standing(engine).in_sync


def test_what_was_pending_waits_until_it_is_effective_again(engine, subscribe, platform, standing, ends):
    """It is set as not effective while the first of three requests is under way: the other two wait."""
    platform.before_answer = lambda _message: engine.set_provider_effective("tv", effective=False)
    made = subscribe(engine)
    assert ends(made) == [
        ("CREATE_ACCOUNT", "COMPLETED", ""),
        ("ADD_MATERIAL", "PENDING", ""),
        ("ACTIVATE_OPTIONS", "PENDING", ""),
    ]
    platform.before_answer = lambda _message: None
    engine.recover()
    assert (platform.names, standing(engine).pending) == (["CREATE_ACCOUNT"], 2)
    engine.set_provider_effective("tv", effective=True)
    engine.reset(NUMBER)
    assert platform.names == ["CREATE_ACCOUNT", "ADD_MATERIAL", "ACTIVATE_OPTIONS"]
    assert standing(engine).in_sync
