"""The gap of many subscriptions at once, as the database sees it.

It is the gap of `engine.domain.gap`. Each function here says in SQL what a function there says in Python; the tests
hold the two together. It is said for a range of subscriptions' keys, since each table has the rows of a range side by
side.

What is to be asked for is found in parts, where platforms take files: things on devices, without windows, of which
nothing is registered. Whether a subscription is out of sync is found for all platforms.

Pairs too are read here: a pair is one file, but a run that begins with a million of them would load as many whole
subscriptions, only to find which card goes with which box.
"""
