"""What `python -m engine` can do: each command reads its options, and makes one call."""
