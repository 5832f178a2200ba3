"""How much a sender may still do, in headers (draft-ietf-httpapi-ratelimit-headers)."""


def rate_headers(name: str, *, most: int, seconds: int, remaining: int, reset: int) -> dict[str, str]:
    """The limit that is nearest to being reached, and what is left of it; `reset` in seconds."""
    return {
        "ratelimit-policy": f'"{name}";q={most};w={seconds}',
        "ratelimit": f'"{name}";r={remaining};t={reset}',
    }
