"""Icareus Suite: an OTT platform with users, products and devices."""
