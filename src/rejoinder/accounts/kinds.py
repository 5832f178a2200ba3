"""What kind of browser calls, in two words such as “Firefox · Linux”: enough to know one's own, too little to be known by."""

# Looked through from the top: every browser names the older ones that it wants to be taken for. A library that knows
# every make keeps megabytes of patterns for what nobody needs in a list of one's own three browsers.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def kind_of(user_agent: str) -> str:
    """The kind of a browser and of the system it runs on, as far as its User-Agent says; both are names, in any language."""
    found = [
        next((name for mark, name in table if mark in user_agent), None) for table in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found))
