"""What each action does to a subscription: one function per effect, named in the table of rules.

An effect changes the subscription that it is given, or raises; the caller keeps nothing of a subscription whose
action was refused.
"""
