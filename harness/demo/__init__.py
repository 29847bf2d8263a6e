"""The guided story: what it is, how it is played, how it is told."""
