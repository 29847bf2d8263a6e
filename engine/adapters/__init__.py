"""One folder per platform: its table, its trigger logic, its messages, its replies. Pure: no I/O, no clock."""
