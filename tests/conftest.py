pytest_plugins = ["harness.steps"]
