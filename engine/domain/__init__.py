"""The trade itself: subscriptions, what may happen to them, and what platforms should hold for them.

Standard library only. Nothing here reads a clock, a file or a socket.
"""
