"""Months as Conax has them: ends that are clamped, what is to be renewed, and that no right ever ends too early."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from engine.adapters.conax import CONAX
from engine.adapters.conax.dates import months_later, packed, period, renewed_before
from tests.engine.adapters.conax.made import PROVIDER

DAY = timedelta(days=1)
DAYS = st.dates(date(1990, 1, 1), date(2400, 12, 31))
MONTHS = st.integers(1, 36)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-11-22 09:26:59", 1, "2026-12-22 23:59"),
        ("2026-12-22 00:00", 1, "2027-01-22 23:59"),
        ("2026-12-31 23:59", 2, "2027-02-28 23:59"),
        ("2027-01-31 12:00", 1, "2027-02-28 23:59"),
        ("2028-01-31 12:00", 1, "2028-02-29 23:59"),
        ("2028-02-29 12:00", 12, "2029-02-28 23:59"),
        ("2028-02-29 12:00", 48, "2032-02-29 23:59"),
        ("2100-01-30 12:00", 1, "2100-02-28 23:59"),
        ("2026-03-31 12:00", 1, "2026-04-30 23:59"),
        ("2026-04-30 12:00", 1, "2026-05-30 23:59"),
        ("2026-01-01 00:00", 36, "2029-01-01 23:59"),
        ("9999-12-01 00:00", 1, "9999-12-31 23:59"),
    ],
)
def test_a_period_ends_so_many_months_later_in_the_last_minute_of_the_day(start, months, end):
    found = period(at(start), months)
    assert found == (at(start).replace(second=0), at(end))
    assert {one.utcoffset() for one in found} == {timedelta()}


def test_a_day_is_that_of_utc_wherever_the_start_was_said():
    east, west = (timezone(timedelta(hours=hours)) for hours in (14, -12))
    said = {period(datetime(2027, 2, 1, 2, 30, tzinfo=east), 1), period(datetime(2027, 1, 31, 0, 30, tzinfo=west), 1)}
    assert said == {(at("2027-01-31 12:30"), at("2027-02-28 23:59"))}


@pytest.mark.parametrize("hour", ["2026-03-29 00:30", "2026-03-29 01:30", "2026-10-25 00:30", "2026-10-25 01:30"])
def test_clocks_that_are_changed_change_nothing(hour, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert period(at(hour), 1).end == at(f"2026-{int(hour[5:7]) + 1:02d}-{hour[8:10]} 23:59")
    assert (
        renewed_before(at(hour), 1)
        == at(f"2026-{int(hour[5:7]) - 1:02d}-01 00:00") + DAY * {"29": 28, "25": 25}[hour[8:10]]
    )


@pytest.mark.parametrize(
    ("today", "months", "until"),
    [
        ("2026-12-22", 1, "2026-11-22"),
        ("2027-01-01", 1, "2026-12-01"),
        ("2027-02-28", 1, "2027-01-31"),
        ("2027-02-27", 1, "2027-01-27"),
        ("2028-02-28", 1, "2028-01-28"),
        ("2028-02-29", 1, "2028-01-31"),
        ("2027-03-28", 1, "2027-02-28"),
        ("2027-03-30", 1, "2027-02-28"),
        ("2027-03-31", 1, "2027-02-28"),
        ("2027-04-30", 1, "2027-03-31"),
        ("2029-02-28", 12, "2028-02-29"),
        ("2029-02-28", 35, "2026-03-31"),
    ],
)
def test_what_was_authorised_until_the_end_of_this_day_is_to_be_renewed(today, months, until):
    for time in ("00:00", "12:34", "23:59"):
        assert renewed_before(at(f"{today} {time}"), months) == at(f"{until} 00:00") + DAY


def test_what_is_to_be_renewed_is_as_the_provider_is_configured():
    provider = replace(PROVIDER, operations={"renewal_frequency_months": "3"})
    assert CONAX.files.renewed_before(provider, at("2026-11-22 09:26")) == at("2026-08-23 00:00")
    assert CONAX.files.renewed_before(PROVIDER, at("2026-11-22 09:26")) == at("2026-10-23 00:00")


@given(day=DAYS, months=MONTHS)
def test_months_later_is_that_day_or_the_last_of_its_month(day, months):
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or ((later + DAY).day == 1 and later.day < day.day)


@given(today=DAYS, months=MONTHS, ago=st.integers(0, 1200))
def test_a_right_is_to_be_renewed_just_when_its_months_have_passed(today, months, ago):
    authorised = today - DAY * ago
    is_due = at(f"{authorised} 23:59") < renewed_before(at(f"{today} 08:00"), months)
    assert is_due is (months_later(authorised, months) <= today)


@settings(max_examples=25, phases=[Phase.explicit, Phase.generate])
@given(begun=DAYS, frequency=st.integers(1, 6), longer=st.integers(1, 6), at_hour=st.integers(0, 1439))
def test_renewals_by_a_daily_run_leave_no_gap_where_the_frequency_is_below_the_end_period(
    begun, frequency, longer, at_hour
):
    """Plays the days of three years as the run sees them: it renews what was authorised before its moment."""
    run = at(f"{begun} 00:00") + timedelta(minutes=at_hour)
    since, end = period(run, frequency + longer)
    for _day in range(3 * 366):
        run += DAY
        assert end > run
        if since < renewed_before(run, frequency):
            since, end = period(run, frequency + longer)
            assert months_later(since.date(), frequency) < end.date()


@given(begun=DAYS, months=st.integers(1, 35))
def test_at_the_same_frequency_a_right_ends_on_the_day_on_which_it_is_renewed(begun, months):
    since, end = period(at(f"{begun} 09:00"), months)
    renewed = next(
        day
        for day in (end.date() + DAY * offset for offset in range(-3, 4))
        if since < renewed_before(at(f"{day} 09:00"), months)
    )
    assert renewed == end.date()


def test_a_packed_date_is_that_of_the_platform():
    assert packed(at("2026-03-15 18:30")).hex() == "6f63121e"
    assert packed(at("2030-03-15 18:30") + timedelta(seconds=59)).hex() == "8f03121e"
