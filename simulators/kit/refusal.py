"""A refusal, as a platform's memory raises it."""

from collections.abc import Mapping


class RefusedError(Exception):
    """A refusal in the platform's words, and what the answer holds besides. Nothing was done."""

    def __init__(self, code: str, detail: str, members: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code} {detail}")
        self.code = code
        self.detail = detail
        self.members = members or {}
