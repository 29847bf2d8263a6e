"""The settings of the process: typed, and each wrong one a sentence with name, found, wanted."""

import os
from pathlib import Path

import pytest

from engine.domain.errors import InvalidError
from engine.settings import VARIABLES, Settings, settings


def test_without_an_environment_all_is_as_it_stands_here():
    assert settings({"PATH": "/bin"}) == Settings()


def test_every_setting_comes_from_its_variable():
    found = settings(
        {
            "HEADEND_DATABASE_URL": "sqlite:///x",
            "HEADEND_CONFIGURATION": os.pathsep.join(["a.toml", "b"]),
            "HEADEND_HOST": "0.0.0.0",
            "HEADEND_PORT": "8440",
            "HEADEND_TOKEN": "secret",
            "HEADEND_THREADS": "4",
            "HEADEND_STOP_WITHIN_S": "0",
            "HEADEND_ARCHIVE_FOLDER": "old",
        }
    )
    paths = (Path("a.toml"), Path("b"))
    more = {"threads": 4, "stop_within_s": 0, "archive_folder": Path("old")}
    assert found == Settings("sqlite:///x", paths, "0.0.0.0", 8440, "secret", **more)
    assert "secret" not in repr(found)
    assert {name for name, _read in VARIABLES.values()} == set(Settings.__dataclass_fields__)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("HEADEND_PORT", "x", "HEADEND_PORT is 'x'; a whole number from 0 to 65535 is wanted."),
        ("HEADEND_PORT", "65536", "HEADEND_PORT is '65536'; a whole number from 0 to 65535 is wanted."),
        ("HEADEND_PORT", "", "HEADEND_PORT is ''; a whole number from 0 to 65535 is wanted."),
        ("HEADEND_THREADS", "0", "HEADEND_THREADS is '0'; a whole number from 1 to 256 is wanted."),
        ("HEADEND_STOP_WITHIN_S", "1.5", "HEADEND_STOP_WITHIN_S is '1.5'; a whole number from 0 to 3600 is wanted."),
        ("HEADEND_HOST", " ", "HEADEND_HOST is ' '; a text that is not empty is wanted."),
        ("HEADEND_TOKEN", "", "HEADEND_TOKEN is wrong; a text that is not empty is wanted."),
    ],
)
def test_a_setting_that_is_wrong_is_a_sentence(variable, value, sentence):
    with pytest.raises(InvalidError) as refusal:
        settings({variable: value})
    assert (refusal.value.message, refusal.value.field) == (sentence, variable)
