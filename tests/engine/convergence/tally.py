"""What histories were made of, in words."""


def summary(counts):
    """What was played, in a line."""
    names = ["histories", "actions", "faults", "kills", "restarts", "runs", "audits", "requests", "divergences"]
    others = sorted(counts.keys() - {*names})
    return ", ".join(f"{counts[name]:,} {name}" for name in (*names[:-1], *others, names[-1]))
