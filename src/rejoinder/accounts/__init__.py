"""Visitors, authors, accounts, roles and sessions."""
