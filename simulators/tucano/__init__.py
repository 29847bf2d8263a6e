"""Tucano: an OTT platform with accounts, materials and options."""
