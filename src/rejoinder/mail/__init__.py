"""Mail: what is written, and the ways it goes out. It knows no feature; it is sent by jobs, never in a transaction."""
