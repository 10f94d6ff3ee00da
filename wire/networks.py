"""Which network an address belongs to, as far as limits are concerned."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Address, IPv6Address, IPv6Network

HOUSEHOLD_BITS = 64  # what a provider gives one connection at the least (RFC 6177): whoever has it has 2**64 addresses


def network(address: str) -> str:
    """The name under which an address is counted: an IPv4 address, or the first half of an IPv6 address."""
    try:
        whole = IPv6Address(address.strip("[]").partition("%")[0])
    except AddressValueError:
        return address
    inside: IPv4Address | None = whole.ipv4_mapped
    return str(inside) if inside else str(IPv6Network((int(whole), HOUSEHOLD_BITS), strict=False))
