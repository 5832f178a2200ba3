"""A publication, its address and its rules."""
