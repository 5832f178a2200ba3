"""Work that follows a change: stored with it, done at least once."""
