"""The heart: threads, comments, their states, order, paging and pages."""
