"""The guided stories: what they are, how they are played, how they are told."""
