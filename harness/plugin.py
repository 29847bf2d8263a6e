"""The pytest plug-in: the `lab` fixture and its options."""
