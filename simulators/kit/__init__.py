"""What a simulated platform gets for nothing: journal, faults, clock, workspaces, serving, control, verification."""
