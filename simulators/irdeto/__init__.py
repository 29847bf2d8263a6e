"""Irdeto KMS, simulated: a conditional access system that entitles secure clients."""
