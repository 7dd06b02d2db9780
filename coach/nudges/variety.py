"""Which wording it is: that which was said longest ago, so that none comes twice running."""

import re
from collections.abc import Sequence
from functools import lru_cache
from string import Formatter

from config.messages import Variant


def chosen(variants: Sequence[Variant], said: Sequence[str], *, own: bool = False, ahead: int = 0) -> Variant:
    """One of the wordings of a rule.

    Args:
        variants: to choose from.
        said: what was said of the rule before, the latest first; a merged message holds it among others.
        own: the first of it was this very message, which is sent again: it keeps its words.
        ahead: so many of the rule go out just before, not worded yet.
    """
    patterns = [_pattern(each.text) for each in variants]
    last = [next((n for n, text in enumerate(said) if each.search(text)), len(said)) for each in patterns]
    if own and 0 in last:
        return variants[last.index(0)]
    longest_ago = sorted(range(len(variants)), key=lambda index: (-last[index], index))
    return variants[longest_ago[ahead % len(variants)]]


@lru_cache(maxsize=512)  # more than a language has wordings
def _pattern(template: str) -> re.Pattern[str]:
    """What a text looks like, whatever stands in its fields."""
    parts = ((literal, name) for literal, name, _, _ in Formatter().parse(template))
    return re.compile("".join(re.escape(literal) + ("" if name is None else ".+?") for literal, name in parts))
