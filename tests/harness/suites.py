"""Suites of others, run by pytest in the tests' own process, which takes a fraction of what a process takes."""

# What a lab needs is there already, or each suite would import it for itself alone.
import harness.lab.lab
import harness.report  # noqa: F401

# Plug-ins that are here for our own tests, and take longer to be loaded than such a suite takes.
WITHOUT = [f"-pno:{name}" for name in ("schemathesis", "hypothesispytest", "faker", "anyio", "pytest_cov")]
