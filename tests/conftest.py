pytest_plugins = ["harness.steps", "pytester"]
