"""Every SQL statement on threads, comments, editions and decisions, filed by who needs it."""
