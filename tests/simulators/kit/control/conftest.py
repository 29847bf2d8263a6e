import pytest
from flask.testing import FlaskClient

from simulators.kit.control.app import control


@pytest.fixture
def client(simulator) -> FlaskClient:
    """The control port without a port."""
    return control({"tucano": simulator}).test_client()


@pytest.fixture
def refused():
    """Check that an answer refuses, and give its code and sentence."""

    def check(answer, status: int) -> tuple[str, str]:
        assert (answer.status_code, answer.mimetype) == (status, "application/json"), answer.text
        assert list(answer.json) == ["error"]
        return answer.json["error"]["code"], answer.json["error"]["message"]

    return check
