"""Ways in and out: what other systems export, and our own archive."""
