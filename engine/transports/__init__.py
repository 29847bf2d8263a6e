"""How bytes get to a platform and back."""
