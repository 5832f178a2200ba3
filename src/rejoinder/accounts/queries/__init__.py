"""Every SQL statement on visitors, accounts and programs, filed by whom it is about."""
