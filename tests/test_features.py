"""Every scenario of `features/`, in the mode that --lab-mode names."""

from pathlib import Path

from pytest_bdd import scenarios

scenarios(str(Path(__file__).parent.parent / "features"))
