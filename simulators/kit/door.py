"""Who may come to a platform's folders, and to which workspace: pyftpdlib's authorizer."""

from typing import Any

from pyftpdlib.exceptions import AuthenticationFailed  # type: ignore[import-untyped]

from simulators.kit.credentials import same
from simulators.kit.file_workspace import FileWorkspace
from simulators.kit.simulator import Simulator, WorkspaceError

MAY = "elradfw"
"""pyftpdlib's letters for what a user may do: all but make folders, remove them, and turn back a file's time."""


class Door:
    """The user of a platform's, in the workspace that the port is bound to; as `user@workspace` in another."""

    def __init__(self, simulator: Simulator[Any], workspace: str) -> None:
        self.simulator = simulator
        self.workspace = workspace
        if simulator.platform.drop is None:
            raise ValueError(f"{simulator.platform.name} takes calls, and no files")
        self._drop = simulator.platform.drop

    def leads_to(self, user: str) -> FileWorkspace[Any] | None:
        """The workspace a user is taken to; None for a stranger."""
        name, at, workspace = user.partition("@")
        if name != self._drop.user:
            return None
        try:
            found: Any = self.simulator.workspace(workspace if at else self.workspace)
        except WorkspaceError:
            return None
        return found if isinstance(found, FileWorkspace) else None

    def validate_authentication(self, user: str, password: str, _: Any) -> None:
        """Raise AuthenticationFailed for a stranger, or a wrong password."""
        if not same(password, self._drop.password) or self.leads_to(user) is None:
            raise AuthenticationFailed

    def get_home_dir(self, _: str) -> str:
        """Where a user begins."""
        return "/"

    def has_perm(self, _: str, perm: str, __: str | None = None) -> bool:
        """Whether a user may do this."""
        return perm in MAY

    def get_perms(self, _: str) -> str:
        """What a user may do."""
        return MAY

    def get_msg_login(self, _: str) -> str:
        """What a user hears at the beginning."""
        return "Login successful."

    def get_msg_quit(self, _: str) -> str:
        """What a user hears at the end."""
        return "Goodbye."

    def impersonate_user(self, _: str, __: str) -> None:
        """Users of the platform's are none of the system's."""

    def terminate_impersonation(self, _: str) -> None:
        """Users of the platform's are none of the system's."""
