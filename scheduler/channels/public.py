"""Which addresses are of the public internet. All others are somebody's own house, this one's included."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

# Global unicast (RFC 4291, 2.4, as IANA assigns it); whatever lies beyond is reserved, local or for many.
_ASSIGNED: Final = IPv6Network("2000::/3")
# Networks without IPv4 reach it through these (RFC 6052): the last 32 bits are the address that is meant.
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
_LOW_32: Final = (1 << 32) - 1


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet; an IPv4 address inside an IPv6 one is looked at itself."""
    meant = ip_address(address)
    if isinstance(meant, IPv6Address):
        meant = _inner(meant) or meant
    if isinstance(meant, IPv6Address) and meant not in _ASSIGNED:
        return False
    return meant.is_global and not (meant.is_multicast or meant.is_reserved)


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & _LOW_32)
    return address.ipv4_mapped or address.sixtofour
