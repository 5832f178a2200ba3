"""Statements of ways in and out; they may name every feature's tables."""
