"""What the engine does: act, plan, send, reset, show."""
