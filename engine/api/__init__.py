"""The Web API: JSON over HTTP, for CRMs, the command line and the demo."""
