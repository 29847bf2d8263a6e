"""All that drives engine and simulators together: command line, pytest plug-in, steps, demo."""
