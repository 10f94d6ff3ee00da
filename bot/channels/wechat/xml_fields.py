"""The platform's XML as a flat table, read so that no body can do harm."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from bot.channels.wechat.errors import Malformed

MAX_DEPTH = 4  # `<xml><ScanCodeInfo><ScanType>` has 3; deeper ones are attacks on the parser's stack
MAX_ELEMENTS = 200  # the longest event has about 30


class _Bounded(XMLParser):  # type: ignore[misc]
    """defusedxml's parser (no DTD, no entity), which also stops at a depth and at a number of elements."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self._depth = self._elements = 0
        start, end = self.parser.StartElementHandler, self.parser.EndElementHandler

        def opened(tag: str, attributes: list[str]) -> object:
            self._depth += 1
            self._elements += 1
            if self._depth > MAX_DEPTH or self._elements > MAX_ELEMENTS:
                raise Malformed(f"XML 超过 {MAX_DEPTH} 层或 {MAX_ELEMENTS} 个元素 / too deep or too many elements")
            return start(tag, attributes)

        def closed(tag: str) -> object:
            self._depth -= 1
            return end(tag)

        self.parser.StartElementHandler, self.parser.EndElementHandler = opened, closed


def read_fields(body: bytes) -> dict[str, str]:
    """Text by element name of the children of `<xml>`; a nested element's own children are left out.

    Raises `Malformed` for anything that is not such XML, and for every DTD or entity.
    """
    parser = _Bounded()
    try:
        parser.feed(body)
        root: Element = parser.close()
    except DefusedXmlException:
        raise Malformed("XML 里有 DTD 或实体 / DTD or entities in the XML") from None
    except (ParseError, ValueError, LookupError, UnicodeError):
        raise Malformed("请求体不是 XML / not XML") from None
    if root.tag != "xml":
        raise Malformed("XML 的根元素不是 xml / the root element is not xml")
    return {child.tag: child.text or "" for child in root}
