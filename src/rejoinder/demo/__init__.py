"""A lively publication to try, the style guide, load data."""
