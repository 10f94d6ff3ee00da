"""Numbers of papers beside the identity card: passports, permits, certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.masking_signs import GAP, NO_MORE_DIGITS

_PAPER = (
    r"(?:护照|[Pp]assport|[Pp]ermit|签证|通行证|回乡证|台胞证|台湾居民居住证|居住证|居留证|居留许可|永久居留证|永居证|残疾证|军官证|士兵证|警官证|退役证"
    r"|驾驶证|驾照|行驶证|出生证|出生证明|户口簿|户口本|结婚证|离婚证|社保卡|医保卡|敬老卡|学籍|残疾人证|社会保障卡?|社保|医保|居民证|老年证|优待证|执业证|许可证|房产证|不动产权?证|产证|土地证|营业执照|海员证|旅行证|退休证|独生子女证|签注|台胞|残车|证件)"
)
_CALLED = r"(?:的)?(?:证件|证书|登记|档案)?(?:号码|编号|证号|字号|号|No\.?|number)?(?: is)?(?:好像|应该|大概)?(?:写的)?[\s:：,，是为就叫(（]{0,3}"
# Letters and digits of a paper that is named: at least six digits, so that no year and no amount is one.
_NAMED = re.compile(
    rf"{_PAPER}{_CALLED}([京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]?[A-Za-z]{{0,4}}{GAP}[0-9](?:{GAP}[0-9]){{5,19}}(?:{GAP}[A-Za-z](?:{GAP}[0-9A-Za-z]){{0,4}})?){NO_MORE_DIGITS}(?![A-Za-z])"
)
# Of any other: what numbers a certificate of whatever kind, and passports of other countries, letters and digits mixed.
_ANY_PAPER = re.compile(
    rf"(?:(?<![保验凭论求公认])证|证明|[Pp]assport){_CALLED}([沪苏浙]?(?=(?:[A-Za-z\-]{{0,4}}[0-9]){{6}}|(?=[A-Z0-9]{{9}}(?![A-Za-z0-9]))(?:[A-Z]{{0,5}}[0-9]){{3}})[A-Za-z0-9]{{1,20}}(?:-[A-Za-z0-9]{{1,20}}){{0,3}})(?![A-Za-z0-9])"
)
_BY_CHARACTER = re.compile(  # an office's character, a year and a number
    rf"(?:证|证明|证书){_CALLED}([\u4e00-\u9fff]{{1,4}}(?:字)?[〔(（\[第]?[0-9]{{4}}[〕)）\]]?(?:第?[0-9]{{4,10}}号?|字?第[0-9]{{3,10}}号?|-[0-9]{{3,8}}))(?![0-9])"
)
_SOLDIER = re.compile(r"(?:军官|士兵|警官|文职|证件|证)[^0-9]{0,6}?([\u4e00-\u9fff]字第\s?[0-9]{6,10}\s?号)")
# Of China's passports and of permits to Hong Kong, Macao and the mainland, recognised by their form alone.
_BY_FORM = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGegTt] ?[0-9]{8}|E[A-HJ-NP-Za-hj-np-z][0-9]{7}|[DPS][0-9]{7,8}|[DPS]E[0-9]{7}|[CW][A-Z]?[0-9]{7,8}"
    r"|[HM][0-9]{10}|(?:[A-Z]{3})[0-9]{12})(?![A-Za-z0-9])"
)


def permits(text: str) -> Iterator[tuple[int, int]]:
    """Where the number of a paper stands."""
    yield from (match.span(1) for match in _NAMED.finditer(text))
    yield from (match.span(1) for match in _ANY_PAPER.finditer(text))
    yield from (match.span(1) for match in _BY_CHARACTER.finditer(text))
    yield from (match.span(1) for match in _SOLDIER.finditer(text))
    yield from (match.span() for match in _BY_FORM.finditer(text))
