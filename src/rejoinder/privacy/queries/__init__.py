"""Every SQL statement on what is known of a person."""
