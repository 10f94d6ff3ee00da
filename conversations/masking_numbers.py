"""Numbers and addresses of the net that name a person: telephone, identity, card, e-mail, plate; with those of papers and of accounts.

Every rule reads a text in which digits, letters and signs are plain ASCII, one character for one, so that
positions are those of the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache

from opencc import OpenCC

from conversations.masking_accounts import qqs, wechats
from conversations.masking_papers import permits
from conversations.masking_signs import GAP, NO_MORE_DIGITS

_CHINESE_DIGITS = dict(zip("两〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "200123456789" + "1123456789"))
_SPOKEN_RUN = re.compile(
    r"[〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖0-9](?:[\s\-—,，、/.·…嗯呃啊哦]{0,2}[〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖0-9]){6,}"
)
_WRITTEN_RUN = re.compile(r"[0-9](?:[^0-9〇零一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖]{0,2}[0-9]){6,}")
_WORDS_BESIDE = 2  # characters
_WHOLE = (8, 11, 15, 16, 18, 19)  # digits of a telephone, an identity or a card that is complete
_NOT_IN_NUMBER = r"(?<![0-9.])"
_UNIT_AFTER = r"(?!\s?(?:[元万亿人户张套个家所件辆亩吨米年月%]|平方|公里|公顷))"


def digits_of(text: str) -> str:
    """The text with full-width and circled characters and spoken digits in ASCII, in Simplified characters; as long as the original."""
    plain = "".join(_narrow(character) for character in text)
    return _SPOKEN_RUN.sub(_in_digits, plain)


def _in_digits(run: re.Match[str]) -> str:
    """A run of digits in one spelling; a Chinese digit or two beside a whole number are words: 「…7731一直不接」."""
    said = run.group()
    written = _WRITTEN_RUN.search(said)
    if written is not None:
        digits = sum(character.isdigit() for character in written.group())
        if digits in _WHOLE and len(said) - len(written.group()) <= _WORDS_BESIDE:
            return said
    return "".join(_CHINESE_DIGITS.get(character, character) for character in said)


@lru_cache(maxsize=10_000)
def _narrow(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character)
    if "\u4e00" <= narrow <= "\u9fff":
        narrow = _converter().convert(narrow)
    return narrow if len(narrow) == 1 else character


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _spaced(*groups: str) -> str:
    """A pattern of groups of digits with gaps allowed between any two digits."""
    return GAP.join(groups)


_MOBILE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:\(?\+?(?:00)?86\)?{GAP})?(?:1{GAP}[3-9]{GAP}[0-9]|\(1[3-9][0-9]\))(?:{GAP}[0-9]){{8}}{NO_MORE_DIGITS}"
)
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"  # of the country's area codes, without the leading 0
_EXTENSION = rf"(?:{GAP}(?:转|分机|ext)[.:]?{GAP}[0-9]{{1,6}})?"
_LANDLINE = re.compile(
    rf"{_NOT_IN_NUMBER}(?:\(?\+?(?:00)?86\)?{GAP}\(?0?|\(?0){_AREA}\)?{GAP}[2-9][0-9]{{2,3}}{GAP}[0-9]{{4}}{_EXTENSION}"
    rf"{NO_MORE_DIGITS}",
    re.IGNORECASE,
)
_NAMED_LINE = re.compile(  # in any groups, where somebody says that it is one
    rf"(?:电话|座机|固话|传真|号码|家里|打)[^0-9]{{0,6}}((?:0{GAP}2{GAP}1{GAP})?[2-9](?:{GAP}[0-9]){{7}}){NO_MORE_DIGITS}{_UNIT_AFTER}"
)
_YEARS = re.compile(r"20[0-4][0-9][ \-—]20[0-4][0-9]")  # from one year to another
# Eight digits without an area code are a number of Shanghai, unless something says that they number a thing.
_LOCAL_LINE = re.compile(
    rf"{_NOT_IN_NUMBER}[2-9][0-9]{{3}}[ \-—·•]?[0-9]{{4}}{_EXTENSION}{NO_MORE_DIGITS}{_UNIT_AFTER}", re.IGNORECASE
)
_NUMBERS_A_THING = re.compile(
    r"(?:编号|文号|案号|代码|第|单号|工号|学号|户号|批次|总数|共|约|达到?|[￥¥$])[\s:：是为]{0,2}$"
)
_NUMBERING_CHARS = 8  # before a number, in which all of that stands
_ID = re.compile(rf"(?<![0-9A-Za-z])[1-9](?:{GAP}[0-9]){{16}}{GAP}[0-9Xx](?![0-9A-Za-z])")
_OLD_ID = re.compile(rf"(?<![0-9A-Za-z])[1-9][0-9]{{14}}(?![0-9A-Za-z]){_UNIT_AFTER}")
_CARD = re.compile(rf"{_NOT_IN_NUMBER}[3-6](?:{GAP}[0-9]){{14,18}}{NO_MORE_DIGITS}")
_NAMED_CARD = re.compile(
    rf"(?:卡号|账号|帐号|账户|存折|银行卡|工资卡|储蓄卡|社保卡|医保卡|敬老卡)[^0-9A-Za-z]{{0,8}}([0-9](?:{GAP}[0-9]){{8,22}}){NO_MORE_DIGITS}"
)
_UNION_CARD = re.compile(rf"{_NOT_IN_NUMBER}6{GAP}2(?:{GAP}[0-9]){{14,17}}{NO_MORE_DIGITS}")  # with a slip in it, too
_AT_DOMAIN = re.compile(
    r"\s?(?:@|[(\[]at[)\]]|艾特|\s在\s(?=[A-Za-z0-9\-]{2,40}\.[A-Za-z]{2})|\sat\s(?=[A-Za-z0-9\-]{2,40}(?:\.[A-Za-z]{2}|\sdot\s)))\s?[A-Za-z0-9\-]{1,63}(?:(?:\s?[.。点]\s?|\sdot\s)[A-Za-z0-9\-]{1,63}){1,3}",
    re.IGNORECASE,
)
_LOCAL_CHARS = 64  # at most (Source: RFC 5321, 4.5.3.1.1)
_LOCAL_BACKWARDS = re.compile(rf"[A-Za-z0-9._%+\-]{{0,{_LOCAL_CHARS - 1}}}[A-Za-z0-9]")
_PLATE = re.compile(
    r"(?<![A-Za-z0-9])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ·.\-]?[A-HJ-NP-Za-hj-np-z]"
    r"[ ·.\-]?(?=[A-Za-z]{0,4}[0-9])(?:[A-HJ-NP-Za-hj-np-z0-9]{6}|[A-HJ-NP-Za-hj-np-z0-9]{5}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳]"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{1,3}[ \-·][A-HJ-NP-Za-hj-np-z0-9]{2,4})"
    r"(?![A-Za-z0-9])"
)
_SPACED_PLATE = re.compile(  # in capitals, whatever stands between them
    r"(?<![A-Za-z0-9])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ·.\-]{0,3}[A-HJ-NP-Z]"
    r"(?=[A-Z ·.\-]{0,9}[0-9][A-Z ·.\-]{0,9}[0-9])(?:[ ·.\-]{0,3}[A-HJ-NP-Z0-9]){5,6}(?![A-Za-z0-9])"
)
_NAMED_PLATE = re.compile(  # without its province
    r"(?:车牌号?码?|牌照号?码?|牌号|车号|沪牌)[\s:：是为]{0,3}((?:青浦|上海|沪)?[ ·]?(?=[A-Za-z]{0,4}[0-9])[A-HJ-NP-Za-hj-np-z][ ·.\-]?[A-HJ-NP-Za-hj-np-z0-9]{5,6})(?![A-Za-z0-9])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def valid_id(number: str) -> bool:
    """Whether 18 characters are a resident identity number (Source: GB 11643-1999, ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS))
    return _CHECKS[total % 11] == number[17].upper()


def _plausible_id(number: str) -> bool:
    """A person's number with a slip in it is a person's number still: region and birthday are possible."""
    return number[:2] in _REGIONS and _is_date(number[6:14])


_REGIONS = frozenset(  # provinces (Source: GB/T 2260)
    str(first * 10 + second)
    for first, seconds in {
        1: "12345",
        2: "123",
        3: "1234567",
        4: "123456",
        5: "01234",
        6: "12345",
        7: "1",
        8: "123",
    }.items()
    for second in map(int, seconds)
)


def _is_date(digits: str) -> bool:
    try:
        return 1850 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def luhn(number: str) -> bool:
    """Whether the last digit checks the others (Source: ISO/IEC 7812-1, annex B)."""
    total = 0
    for position, digit in enumerate(reversed(number)):
        doubled = int(digit) * 2 if position % 2 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def _all(
    pattern: re.Pattern[str], accept: Callable[[str], bool] = lambda _: True
) -> Callable[[str], Iterator[tuple[int, int]]]:
    def rule(text: str) -> Iterator[tuple[int, int]]:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            if accept(re.sub(r"[^0-9Xx]", "", match.group(group))):
                yield match.span(group)

    return rule


def _emails(text: str) -> Iterator[tuple[int, int]]:
    """From each @ backwards: from each letter forwards, the text would be read 64 times."""
    least = 0
    for domain in _AT_DOMAIN.finditer(text):
        local = _LOCAL_BACKWARDS.match(text[max(least, domain.start() - _LOCAL_CHARS) : domain.start()][::-1])
        if local:
            least = domain.end()
            yield domain.start() - local.end(), least


def _local_lines(text: str) -> Iterator[tuple[int, int]]:
    for match in _LOCAL_LINE.finditer(text):
        digits = re.sub(r"[^0-9]", "", match.group())
        if _YEARS.fullmatch(match.group()):
            continue
        if not _is_date(digits[:8]) and not _NUMBERS_A_THING.search(
            text[max(0, match.start() - _NUMBERING_CHARS) : match.start()]
        ):
            yield match.span()


NUMBERS: tuple[tuple[str, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    ("email", _emails),
    ("id_number", _all(_ID, lambda number: valid_id(number) or _plausible_id(number))),
    ("id_number", _all(_OLD_ID, lambda number: number[:2] in _REGIONS and _is_date(f"19{number[6:12]}"))),
    ("bank_card", _all(_CARD, luhn)),
    ("bank_card", _all(_NAMED_CARD)),
    ("bank_card", _all(_UNION_CARD)),
    ("qq", qqs),
    ("wechat", wechats),
    ("mobile", _all(_MOBILE)),
    ("permit", permits),
    ("landline", _all(_LANDLINE)),
    ("landline", _local_lines),
    ("landline", _all(_NAMED_LINE, lambda number: not _is_date(number[:8]))),
    ("plate", _all(_PLATE)),
    ("plate", _all(_SPACED_PLATE)),
    ("plate", _all(_NAMED_PLATE)),
)
