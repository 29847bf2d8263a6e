"""The parts of the docs that are written from what runs: tables, diagrams, commands, steps."""
