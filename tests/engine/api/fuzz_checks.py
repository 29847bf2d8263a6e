"""What the fuzzing holds answers against besides its own checks; `st` is told of this file by its environment."""

import re

import schemathesis

# What is said of values that do not have the form which the description gives them.
WORDS = ("Expected `", "Invalid (enum|RFC)", "^Unknown field", "control character", "characters; at most")
OF_FORM = re.compile("|".join((*WORDS, "^The body is", r'; wanted is \{"')))


@schemathesis.check
def what_has_the_form_is_refused_for_its_meaning_only(_context, response, case):
    """A call in the form that is described may be refused: for a day that has passed, never for its form."""
    if response.status_code != 400 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    status = response.json()["status"]
    if status["code"] != "INVALID" or OF_FORM.search(status["message"]):
        raise AssertionError(f"refused for its form: {status}")
