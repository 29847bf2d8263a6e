"""One file for each form of the tables: how it is reached from the one before, and how it is left."""
