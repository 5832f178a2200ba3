"""The publication that the pages of docs/api speak about, and what stands in them for what differs from run to run."""

from http import HTTPStatus

from rejoinder.accounts.models import Role
from rejoinder.web.cookies import cookie_name
from serving import Serving

SITE = "https://news.example"
LISTED = "https://blog.example"
DESK = "rejoinder_pT6wYd0QxN3mVb8KzR1uGh5LcE9sJf2oAiWq7XtZkC4"
SESSION = "5n8yVq3T0bXo2Jw7Zk1RfLd9Sg4Hc6Pm-uEaQiYtBNs"
MALLORY = "Mx7tB2kQ9sLwE4vNcJ1yZrUa5hGfPo8dKiXn3RqTb0M"
ARTICLES = ("lamp", "harbour", "tide", "breakwater", "beacon", "jetty")


def prepare(server: Serving) -> dict[str, str]:
    """Write the articles, list the other origin, sign Bob in, let Mallory talk: what the pages say, and what it is here."""
    for slug in ARTICLES:
        server.publish(slug)
    server.list_origin(LISTED)
    with server.staff("Bob", Role.MODERATOR) as bob:
        session = bob.cookies[cookie_name(server.base_url, "session")]
    with server.client(authorization=f"Bearer {MALLORY}") as mallory:
        for number in range(5):
            body = {
                "thread": {"url": "/articles/jetty"},
                "text": f"Thing {number}.",
                "author": {"name": "Mallory"},
            }
            assert mallory.post("/api/v1/comments", json=body).status_code == 201
    return {
        cookie_name(SITE, "session"): cookie_name(server.base_url, "session"),
        SESSION: session,
        DESK: server.run("admin", "token", "create", "Night desk", "--scope", "moderate").strip(),
        SITE: server.base_url,
        "Unprocessable Entity": HTTPStatus.UNPROCESSABLE_ENTITY.phrase,  # Python 3.13 gave it a new name
    }
