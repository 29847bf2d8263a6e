"""The control port: everything a test may ask of a simulator, over HTTP, apart from the platform's own port."""
