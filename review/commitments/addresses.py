"""Addresses that residents are sent to: pages of the public web, never of somebody's own network."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from review.correcting.corrections import check_source
from review.errors import InvalidInput

DOTS = str.maketrans({"\u3002": ".", "\uff0e": ".", "\uff61": "."})  # browsers take each for a full stop
OWN_NETWORKS = (  # endings that no public name server knows (RFC 6761, 6762, 7686, 8375, 9476; ICANN on .internal)
    *("local", "localhost", "internal", "intranet", "private", "corp", "home", "lan", "localdomain", "arpa"),
    *("test", "example", "invalid", "onion", "alt"),
)
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")  # a last label of this kind makes browsers read an IPv4 address
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LEAST_PARTS = 2
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_page(url: str) -> None:
    """Raise `InvalidInput`, which says why, unless an address is one of a public https page."""
    if url.lower().startswith("https://"):
        check_public(url)
    check_source(url)


def check_public(url: str) -> None:
    """Raise `InvalidInput`, which says why, for an address that leads to no page of the public web.

    A name may still lead to a private address: that only a name server can tell, and may change.
    """
    fault = _fault(url)
    if fault:
        raise InvalidInput(f"这个网址居民打不开：{fault[0]} / residents cannot open this address: {fault[1]}")


def _fault(url: str) -> tuple[str, str] | None:
    host = _host_of(url)
    if host is None:
        return "网址写错了，请从浏览器里复制", "it is not spelled as one, copy it from the browser"
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return _fault_of_number(host)
    labels = host.split(".")
    if len(labels) < _LEAST_PARTS:
        return (
            f"“{host}”是单位内部网的名字，公开的网址像 www.shqp.gov.cn",
            f"“{host}” is a name inside one network only",
        )
    if labels[-1] in OWN_NETWORKS:
        return f".{labels[-1]} 只在内部网里或测试时有用", f".{labels[-1]} is for private networks or tests only"
    if not all(map(_NAME.fullmatch, labels)):
        return f"“{host}”不是网站的名字", f"“{host}” is no name of a site"
    return None


def _fault_of_number(host: str) -> tuple[str, str] | None:
    address = _address(host)
    if address is None:
        return f"“{host}”不是网络地址", f"“{host}” is no network address"
    for each in (address, *_within(address)):
        if not each.is_global or each.is_multicast or each.is_reserved or getattr(each, "is_site_local", False):
            return (
                f"{each} 是本机、内部网或保留的地址",
                f"{each} is an address of this machine, of a private network or reserved",
            )
    return None


def _host_of(url: str) -> str | None:
    """The host as a browser reads it; None where it reads none."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        if re.search(r"[%\\@\s]", parts.netloc) or "\\" in url:
            return None
        if ":" in host:
            return host
        name = unicodedata.normalize("NFKC", host).translate(DOTS).lower()
        name = name[:-1] if name.endswith(".") else name
        return ".".join(label.encode("idna").decode() if label else label for label in name.split(".")) or None
    except ValueError:  # also of an odd port, and of labels that IDNA refuses
        return None


def _address(host: str) -> Address | None:
    """An address in any spelling that browsers take: 127.1, 0x7f000001, 017700000001, [::ffff:7f00:1]."""
    try:
        return ipaddress.IPv6Address(host) if ":" in host else _four(host.split("."))
    except ValueError:
        return None


def _four(parts: Sequence[str]) -> ipaddress.IPv4Address:
    """As the URL standard reads an IPv4 address: up to four numbers, the last fills what is left. Raises `ValueError`."""
    if not 0 < len(parts) <= 4 or not all(map(_NUMBER.fullmatch, parts)):
        raise ValueError(parts)
    numbers = [_number(part) for part in parts]
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError(parts)
    return ipaddress.IPv4Address(last + sum(number << 8 * (3 - place) for place, number in enumerate(first)))


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") and len(text) > 1 else int(text)


def _within(address: Address) -> list[Address]:
    """IPv4 addresses that an IPv6 one stands for: mapped, compatible, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if int(address) >> 32 in (0, 0x0064FF9B << 64):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
