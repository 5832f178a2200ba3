"""The two scores by which readers can sort."""

from math import sqrt

Z = 1.2816
"""The 80 % two-sided normal quantile: the bound is passed by chance one time in ten."""


def net_score(up: int, down: int) -> int:
    """Votes for minus votes against: "Most voted"."""
    return up - down


def best_score(up: int, down: int) -> float:
    """Lower bound of the share of readers who would vote for it: "Best", between 0 and 1.

    Wilson's score interval (E. B. Wilson, JASA 22, 1927) over the votes and one more for it, so that a comment
    nobody has voted on yet stands between the liked and the disliked.
    """
    up += 1
    n = up + down
    share = up / n
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * n)) / n)
    return (share + Z * Z / (2 * n) - spread) / (1 + Z * Z / n)
