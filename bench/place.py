"""What a load needs to know of a server, whoever made it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens, the first process of its tree, and what it is called in a report."""

    name: str
    port: int
    pid: int

    def get(self, path: str, **headers: str) -> bytes:
        """A GET as bytes on the wire; underscores in header names stand for hyphens."""
        return request("GET", path, self.port, headers)


def request(method: str, path: str, port: int, headers: dict[str, str], body: bytes | None = None) -> bytes:
    """A request as bytes on the wire."""
    fields = {"host": f"127.0.0.1:{port}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    if body is not None:
        fields["content-length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + (body or b"")
