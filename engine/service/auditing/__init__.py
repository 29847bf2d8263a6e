"""Audits: platforms are asked what they hold, and that is believed from then on."""
