"""The population out of nothing."""

from harness.population import people


def test_the_same_seed_gives_the_same_people():
    assert list(people(7, 20)) == list(people(7, 20))
    assert list(people(7, 20)) != list(people(8, 20))


def test_beyond_the_pool_nobody_has_the_e_mail_of_another():
    emails = [one["email"] for one in people(7, 1_500)]
    assert len(emails) == 1_500
    assert len(set(emails[500:])) == 1_000
