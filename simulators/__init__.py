"""The simulators: platforms with a memory, beside them a journal, faults and a clock of their own."""
