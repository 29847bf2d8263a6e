import json
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from harness.cli.main import main
from harness.stack import Stack

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """An engine and a Tucano simulator on real sockets."""
    with Stack() as running:
        yield running


@pytest.fixture
def headend(stack: Stack) -> Run:
    """The command line, beside a stack that runs."""
    said = {
        "HEADEND_ENGINE": stack.addresses["engine"],
        "HEADEND_TOKEN": stack.addresses["token"],
        "HEADEND_CONTROL": stack.addresses["control"],
        "HEADEND_DATABASE_URL": stack.addresses["database"],
    }

    def run(*arguments: str, **more: str) -> Result:
        return CliRunner().invoke(main, arguments, env={**said, **more}, catch_exceptions=False)

    return run


@pytest.fixture
def subscribed(headend: Run, request: pytest.FixtureRequest) -> str:
    """The number of a subscription to Sport with an STB of its own."""
    result = headend(
        *("act", "BECOME_SUBSCRIBER", "--json", "subscriber.first_name=Ada", "subscriber.last_name=Lovelace"),
        *("services.0.product=Sport", "services.0.distributors=TUCANO_MAIN"),
        *(
            "items.0.product=STB",
            f"items.0.serial_number={request.node.name[-60:]}",
            "items.0.distributors=TUCANO_MAIN",
        ),
    )
    return str(json.loads(result.stdout)["subscription"])
