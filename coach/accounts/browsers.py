"""What a browser is called: enough to tell one's own apart, from what it says of itself."""

from typing import Final

# In this order: most pretend to be those below them.
_BROWSERS: Final = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrom": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


def browser_of(user_agent: str) -> str:
    """`Firefox, Android`; `?` for what says nothing that is known."""
    found = [next((name for sign, name in each.items() if sign in user_agent), None) for each in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or "?"
