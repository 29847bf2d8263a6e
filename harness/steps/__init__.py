"""The step vocabulary: `pytest_plugins = ["harness.steps"]` in a conftest makes it known to a suite."""

from harness.steps.actions import *  # noqa: F403  (pytest-bdd finds steps by the names that it makes up for them)
from harness.steps.asking import *  # noqa: F403
from harness.steps.given import *  # noqa: F403
from harness.steps.ordering import *  # noqa: F403
from harness.steps.story import story
from harness.steps.then import *  # noqa: F403
from harness.steps.trouble import *  # noqa: F403
from harness.steps.when import *  # noqa: F403

__all__ = ["story"]
