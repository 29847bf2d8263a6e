"""Loading the configuration: what is wrong is named with file, path, found and wanted, and then nothing has changed."""

import re

import pytest

from engine.adapters.tucano.connection import token_life_minutes
from engine.domain.errors import InvalidError

PRODUCT = """
[[products]]
code = "OPERA"
name = "Opera"
"""
PROVIDER = """
[[providers]]
code = "radio"
name = "Radio"
protocol = "tucano"
[providers.connection]
end_point = "http://radio.test"
user_name = "us"
password = "secret"
"""
EFFECTIVE = PROVIDER.replace("protocol", "effective = true\nprotocol")
DISTRIBUTOR = '[[providers.distributors]]\ncode = "KITCHEN"\nname = "Kitchen"\n'
SERVICE = '[[providers.services]]\nproduct = "NEWS"\nca_id = "R_NEWS"\n'
HARDWARE = '[[providers.hardware]]\nproduct = "STB"\ntype = "set"\n'
DEFINITION = '[[definitions]]\ncode = "NIGHT"\nname = "By night"\nkind = "maintenance"\n'
BUNDLE = PRODUCT + 'composition = "flexible_bundle"\n'


def setting(section, line):
    return f"{PROVIDER}[providers.{section}]\n{line}\n"


BROKEN = {
    # what is wrong: the file, and what is said of it after its name
    "no TOML": ("products = [\n\n  1 2\n]", r"not TOML: .*line 3"),
    "no UTF-8": (b'[[products]]\nname = "\xe9"', r"not TOML: 'utf-8' .* position 21"),
    "an unknown table": ("[[produkts]]\n", r"'produkts', perhaps products was meant"),
    "an unknown field": (PRODUCT + "nome = 1", r"'products\[0\].nome', perhaps name"),
    "an unknown field of a connection": (
        PROVIDER + "pasword = ''",
        r"providers\[radio\].connection: 'pasword' is unknown; known: end_point, user_name, password",
    ),
    "an unknown setting": (
        setting("retry", "tries = 3"),
        r"'providers\[0\].retry.tries'.*known: attempts, first_pause_s",
    ),
    "no table": ("products = 3", r"products: Expected `array`, got `int`"),
    "no list of tables": ("products = [3]", r"products\[0\]: Expected `object`, got `int`"),
    "a number for a text": (PRODUCT.replace('"Opera"', "1"), r"products\[0\].name: Expected `str`, got `int`"),
    "a text for a number": (PRODUCT + 'tier = "high"', r"products\[0\].tier: Expected `int \| null`, got `str`"),
    "a text for a truth": (
        EFFECTIVE.replace("true", '"perhaps"'),
        r"providers\[0\].effective: Expected `bool`, got `str`",
    ),
    "a list for a text": (
        PROVIDER.replace('"us"', '["us"]'),
        r"providers\[0\].connection.*: Expected `str`, got `array`",
    ),
    "an unknown word": (
        PRODUCT + 'composition = "loose"',
        r"products\[0\].composition: Unknown composition 'loose'; known: fixed_bundle, flat, flexible_bundle",
    ),
    "a field missing": ('[[products]]\ncode = "X"', r"products\[0\].name is wanted"),
    "a control character": (PRODUCT.replace("Op", "\\u0001"), r"products\[0\].name holds the control character"),
    "a long text": (PRODUCT.replace("Op", "x" * 200), r"products\[0\].name has 203 characters; at most 200"),
    "an empty code": (PRODUCT.replace('"OPERA"', '""'), r"products.code is empty"),
    "an empty name": (PRODUCT.replace('"Opera"', '""'), r"products.name is empty"),
    "an unknown component": (
        BUNDLE + 'components = ["OPER"]',
        r"products\[OPERA\].components: 'OPER' is no flat product; known: KIDS",
    ),
    "a bundle of itself": (
        BUNDLE + 'components = ["OPERA"]',
        r"products\[OPERA\].components: 'OPERA' is no flat product; known: KIDS",
    ),
    "a bundle of nothing": (BUNDLE, r"products\[OPERA\]: a flexible_bundle product has at least one component"),
    "components of no bundle": (
        PRODUCT + 'components = ["NEWS"]',
        r"products\[OPERA\]: a flat product has no components",
    ),
    "a choice that can't be met": (
        BUNDLE + 'components = ["NEWS"]\nminimum = 2',
        r"products\[OPERA\]: minimum 2 is wanted between 0 and the maximum 1",
    ),
    "an unknown protocol": (
        PROVIDER.replace('"tucano"', '"smoke"'),
        r"providers\[radio\].protocol: found 'smoke'; wanted: icareus, .*tucano",
    ),
    "a connection parameter missing": (
        PROVIDER.replace('user_name = "us"', ""),
        r"providers\[radio\].connection: user_name is wanted",
    ),
    "a connection parameter empty": (
        PROVIDER.replace('"us"', '""'),
        r"providers\[radio\].connection: user_name is wanted",
    ),
    "an unknown character set": (
        PROVIDER + 'character_set_encoding = "klingon"',
        r"character_set_encoding: found 'klingon'; wanted: a character set such as UTF-8",
    ),
    "a character set for no text": (
        PROVIDER + 'character_set_encoding = "base64"',
        r"character_set_encoding: found 'base64'; wanted: a character set",
    ),
    "no attempt": (setting("retry", "attempts = 0"), r"providers\[radio\].retry.attempts: found 0; wanted: 1 to 1000"),
    "a pause back in time": (
        setting("retry", "first_pause_s = -0.1"),
        r"retry.first_pause_s: found -0.1; wanted: 0.0 to 3600.0",
    ),
    "a pause without end": (setting("retry", "longest_pause_s = inf"), r"retry.longest_pause_s: found inf; wanted"),
    "a time that is no number": (setting("retry", "total_s = nan"), r"retry.total_s: found nan; wanted"),
    "no time to answer": (setting("timeouts", "read_s = 0"), r"timeouts.read_s: found 0.0; wanted: 0.001 to"),
    "no time to connect": (setting("timeouts", "connect_s = -1"), r"timeouts.connect_s: found -1.0; wanted"),
    "open without a failure": (setting("breaker", "failures = 0"), r"breaker.failures: found 0; wanted: 1 to"),
    "open for ever": (setting("breaker", "pause_s = 1e300"), r"breaker.pause_s: found 1e\+300; wanted"),
    "effective without a distributor": (
        EFFECTIVE + SERVICE,
        r"providers\[radio\].effective: found true with no distributor; wanted: at least one distributor and one",
    ),
    "effective without a mapping": (
        EFFECTIVE + DISTRIBUTOR,
        r"providers\[radio\].effective: found true with no service mapping; wanted: at least one distributor and one",
    ),
    "effective without anything": (
        EFFECTIVE,
        r"providers\[radio\].effective: found true with no distributor and no service mapping; wanted",
    ),
    "a secret that is too short": (
        PROVIDER + 'jwt_secret = "short"',
        r"connection.jwt_secret: found a secret; wanted: at least 32 bytes",
    ),
    "a life that is no number": (
        PROVIDER + 'token_life_minutes = "long"',
        r"connection.token_life_minutes: found 'long'; wanted: a whole number from 1 to 1440",
    ),
    "a life that is too long": (
        PROVIDER + "token_life_minutes = 1441",
        r"connection.token_life_minutes: found '1441'; wanted: a whole number from 1 to 1440",
    ),
    "a life of nothing": (PROVIDER + "token_life_minutes = 0", r"connection.token_life_minutes: found '0'; wanted"),
    "a life that is true": (
        PROVIDER + "token_life_minutes = true",
        r"providers\[0\].connection.*: Expected `str`, got `bool`",
    ),
    "a number where the protocol has none": (
        PROVIDER.replace('"us"', "1"),
        r"providers\[0\].connection.*: Expected `str`, got `int`",
    ),
    "what is no product mapped": (
        PROVIDER + SERVICE.replace("NEWS", "X"),
        r"providers\[radio\].services: 'X' is no product; known: CHOICE",
    ),
    "what is no product as hardware": (
        PROVIDER + HARDWARE.replace("STB", "X"),
        r"providers\[radio\].hardware: 'X' is no product; known: CHOICE",
    ),
    "a mapping to nothing": (
        PROVIDER + SERVICE.replace("R_NEWS", ""),
        r"providers\[radio\].services: the platform's name of NEWS is empty",
    ),
    "a service mapped twice": (
        PROVIDER + SERVICE * 2,
        r"providers\[radio\].services: NEWS stands there more than once",
    ),
    "hardware mapped twice": (PROVIDER + HARDWARE * 2, r"providers\[radio\].hardware: STB stands there more than once"),
    "an unknown kind of run": (
        DEFINITION.replace("maintenance", "tidying"),
        r"definitions\[0\].kind: Unknown kind 'tidying'; known: mail, maintenance",
    ),
    "a schedule that is none": (
        DEFINITION + 'schedule = "at night"',
        r"definitions\[NIGHT\].schedule: found 'at night' \(.*\); wanted: a moment such as .* or five fields of cron",
    ),
    "a schedule without an offset": (DEFINITION + 'schedule = "2030-01-31T20:00:00"', r"definitions\[NIGHT\].schedule"),
    "a definition for no provider": (
        DEFINITION + 'provider = "radio"',
        r"definitions\[NIGHT\].provider: found 'radio'; wanted: one of tv\.",
    ),
    "a filter that the kind of run does not know": (
        DEFINITION + 'filters = { colour = "red" }',
        r"definitions\[NIGHT\].filters: found 'colour'; wanted: none",
    ),
    "a definition twice": (DEFINITION * 2, r"definitions.code 'NIGHT' stands in .*new.toml already"),
    "a definition without a code": (DEFINITION.replace("NIGHT", ""), r"definitions.code is empty"),
    "a product twice": (PRODUCT * 2, r"products.code 'OPERA' stands in .*new.toml already"),
    "a name twice": (
        PRODUCT + PRODUCT.replace("OPERA", "X").replace("Op", "oP"),
        r"products.name 'opera' stands in .*new.toml already",
    ),
    "a provider twice": (PROVIDER * 2, r"providers.code 'radio' stands in .*new.toml already"),
    "a distributor twice": (
        PROVIDER + DISTRIBUTOR * 2,
        r"providers.distributors.code 'KITCHEN' stands in .*new.toml already",
    ),
    "a name that is known already": (
        PRODUCT.replace("Opera", "SPORT"),
        r"products.name 'sport' stands in the database already",
    ),
    "another provider's distributor": (
        PROVIDER + DISTRIBUTOR.replace("KITCHEN", "MAIN"),
        r"distributors.code 'MAIN' stands in the database already",
    ),
}


@pytest.fixture
def write(tmp_path):
    def file(content, name="new.toml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return file


@pytest.fixture
def refused(engine, dump):
    """Load, be refused, and see that nothing has changed, on disk and in memory."""

    def load(*paths):
        before = dump(engine), engine.context.catalogue, engine.context.providers
        with pytest.raises(InvalidError) as refusal:
            engine.configure(*paths)
        assert (dump(engine), engine.context.catalogue, engine.context.providers) == before
        return refusal.value.message

    return load


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_where_and_why_and_nothing_has_changed(case, write, refused):
    content, said = BROKEN[case]
    path = write(content)
    assert re.match(f"{re.escape(str(path))}: .*{said}", refused(path), re.DOTALL)


@pytest.mark.parametrize("whole", [PRODUCT, PROVIDER, EFFECTIVE + DISTRIBUTOR + SERVICE])
def test_one_broken_file_keeps_whole_ones_back(whole, write, refused):
    files = [write(whole, "a.toml"), write("[[broken", "b.toml")]
    assert str(files[1]) in refused(*files)
    assert str(files[1]) in refused(*reversed(files))


@pytest.mark.parametrize(
    ("kind", "text", "other"),
    [
        ("products.code 'OPERA'", PRODUCT, PRODUCT.replace("Opera", "Other")),
        ("products.name 'opera'", PRODUCT, PRODUCT.replace("OPERA", "OTHER")),
        ("providers.code 'radio'", PROVIDER, PROVIDER),
        (
            "providers.distributors.code 'KITCHEN'",
            PROVIDER + DISTRIBUTOR,
            PROVIDER.replace("radio", "other") + DISTRIBUTOR,
        ),
    ],
)
def test_what_stands_in_two_files_is_refused_and_both_are_named(kind, text, other, write, refused):
    first, second = write(text, "a.toml"), write(other, "b.toml")
    assert refused(first, second) == f"{second}: {kind} stands in {first} already."


def test_a_folder_stands_for_the_files_in_it(engine, write, tmp_path):
    write(PRODUCT, "b.toml")
    write(PROVIDER + SERVICE.replace('"NEWS"', '"OPERA"'), "a.toml")
    write("no configuration", "readme.txt")
    engine.configure(tmp_path)
    assert engine.context.provider("radio").ca_id("OPERA") == "R_NEWS"


@pytest.mark.parametrize("name", ["", "missing", "missing.toml"])
def test_a_folder_without_files_and_a_file_that_there_is_not_are_refused(name, tmp_path, refused):
    assert refused(tmp_path / name) == f"{tmp_path / name}: neither a TOML file nor a folder with TOML files."


def test_loading_twice_changes_nothing(engine, subscribe, configuration, dump):
    subscribe(engine)
    before, known = dump(engine), (engine.context.catalogue, engine.context.providers)
    engine.configure(configuration)
    engine.configure(configuration, configuration)
    assert dump(engine) == before
    assert (engine.context.catalogue, engine.context.providers) == known
    assert engine.act("ADD_SERVICE", "S0000000001", product="KIDS", distributors=["MAIN"]).requests[0].number == 4


def test_what_is_left_out_has_its_default(engine, write):
    engine.configure(write(PROVIDER + DISTRIBUTOR))
    provider = engine.context.provider("radio")
    assert (provider.description, provider.effective, provider.services) == ("", False, ())
    assert (provider.retry.attempts, provider.breaker.failures, provider.timeouts.read_s) == (3, 10, 10.0)


def test_what_is_loaded_again_is_changed(engine, subscribe, configuration, write):
    subscribe(engine)
    text = configuration.read_text(encoding="utf-8")
    engine.configure(write(text.replace("O_NEWS", "O_PAPER").replace("Kids", "Tots")))
    assert engine.context.provider("tv").ca_id("NEWS") == "O_PAPER"
    assert engine.context.catalogue.product("Tots").code == "KIDS"


def test_what_is_sold_is_not_taken_away_by_a_file_that_does_not_name_it(engine, write):
    before = set(engine.context.catalogue.products)
    engine.configure(write(PRODUCT))
    assert set(engine.context.catalogue.products) == before | {"OPERA"}
    assert "tv" in engine.context.providers


def test_a_whole_number_is_taken_as_a_number_and_as_a_text(engine, write):
    for life in ("7", '"7"'):
        engine.configure(write(f"{PROVIDER}token_life_minutes = {life}"))
        assert token_life_minutes(engine.context.provider("radio").connection) == 7
    engine.configure(write(PROVIDER))
    assert token_life_minutes(engine.context.provider("radio").connection) == 15


def test_what_is_kept_must_go_with_what_is_loaded(write, refused):
    news = PRODUCT.replace("OPERA", "NEWS").replace("Opera", "News")
    bundle = write(news + 'composition = "flexible_bundle"\ncomponents = ["SPORT"]')
    assert refused(bundle).startswith("the database: products[CHOICE].components: 'NEWS' is no flat product")


def test_texts_are_loaded_as_files_are_and_named_as_they_are(engine, write):
    engine.load_configuration({"mine.toml": PRODUCT})
    assert "OPERA" in engine.context.catalogue.products
    with pytest.raises(InvalidError, match=r"^mine.toml: products\[OPERA\]: a flat product has no components"):
        engine.load_configuration({"mine.toml": PRODUCT + 'components = ["NEWS"]'})


def test_another_engine_knows_what_this_one_was_told(engine, write, restart):
    engine.configure(write(PRODUCT))
    second = restart(engine)
    assert second.context.catalogue == engine.context.catalogue
    assert second.context.providers == engine.context.providers
