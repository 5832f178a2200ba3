"""Requests and answers: everything that is the same for every feature. It knows no feature."""
