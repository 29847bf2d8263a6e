"""Runs that go through subscriptions in ranges of keys: several at once, in threads and in several engines."""
