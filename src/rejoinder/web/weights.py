"""What a reader would rather have, as headers say it: names with weights (RFC 9110, 12.4.2)."""


def read_weights(header: str) -> dict[str, float]:
    """The names in a header such as `Accept-Language`, in lower case and in its order, each with its weight from 0 to 1."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weights[name.strip()] = _weight(parameters)
    return weights


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
