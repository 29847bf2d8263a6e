"""Loading the configuration: what is wrong is named with file, path, found and wanted, and then nothing has changed."""

import re

import pytest

from engine.adapters.tucano.connection import token_life_minutes
from engine.domain.errors import InvalidError
from tests.engine.service.broken_files import BROKEN, DISTRIBUTOR, EFFECTIVE, PRODUCT, PROVIDER, SERVICE


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
