"""Strangers' text made safe: what may come in, what it looks like as HTML, who it says it is from, where it leads."""
