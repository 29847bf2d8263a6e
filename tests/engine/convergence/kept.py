"""Histories that once went wrong, each with where it was found."""

from tests.engine.convergence.steps import Act, Break

KEPT = {
    "a refusal of the second attempt, unread, says nothing of what came of the first": (
        ("tucano",),
        Act("A", "BECOME_SUBSCRIBER"),
        Break("http_status", 0, (("status", 404),)),
        Break("lost_reply", 1),
        Act("A", "ADD_SERVICE", 2),
        Act("A", "TERMINATE_SUBSCRIPTION"),
    ),
}
