"""The lab: one engine and the simulated platforms it drives, fresh for each test."""
