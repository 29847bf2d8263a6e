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
    "a device that one subscription may have had, and another has by now, is not taken from that one": (
        ("irdeto",),
        Act("A", "BECOME_SUBSCRIBER", 1),
        Break("reset", 0, (("when", "before_effect"),)),
        Act("B", "BECOME_SUBSCRIBER"),
        Act("B", "MOVE_INSTALLED_ITEM"),
    ),
}
