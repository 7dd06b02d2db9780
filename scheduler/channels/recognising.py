"""Which of the channels of a person's own a URL is for."""

from scheduler.channels import ntfy, push, webhook
from scheduler.channels.personal import Recognised
from scheduler.errors import ChannelError


def recognise(url: str, *, allow_plain: bool) -> Recognised:
    """What a URL that somebody typed stands for; `allow_plain`: it may do without TLS.

    Raises:
        ChannelError: a sentence for them, which does not hold the URL.
    """
    url = url.strip()
    scheme, found, _ = url.partition("://")
    scheme = scheme.lower()
    if scheme == ntfy.SCHEME and found:
        return ntfy.recognise(url, allow_plain=allow_plain)
    if scheme in webhook.SCHEMES and found:
        return webhook.recognise(url, allow_plain=allow_plain)
    if scheme in push.SERVICES and found:
        return push.recognise(url)
    raise ChannelError(
        f"There is no channel for such a URL. It begins with ntfy:// or https://, or with one of Apprise's: "
        f"{', '.join(f'{each}://' for each in push.SERVICES)}."
    )
