"""Conax Contego, simulated: a conditional access system that takes files over FTP."""
