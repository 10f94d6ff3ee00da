"""Home addresses, in the phrases in which people give them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = r"\u4e00-\u9fff"
_NUMERAL = "[0-9A-Za-z〇零一二三四五六七八九十廿卅百]"
_TOWN = rf"(?:上海市?)?(?:青浦[区镇]?)?(?:[{_HAN}]{{2,3}}(?:镇|街道))?"
_NO_ROAD = "在是的有没和到去了"
_STREET = (
    rf"(?:(?![{_NO_ROAD}])[{_HAN}]){{1,8}}?(?:公路|大道|支路|东路|西路|南路|北路|中路|路|街|新村|小区|花园|花苑|家园|公寓|苑|坊|村|里|城|园|湾|庭|府|墅)"
    rf"(?:[{_HAN}0-9]{{1,2}}[区期片坊])?"
)
_NUMBER = rf"[甲乙丙丁]?{_NUMERAL}{{1,6}}(?:-[0-9]{{1,4}})?"
_PART = rf"(?:{_NUMBER}\s?[甲乙丙丁]?(?:弄|支弄|号楼|号院?|幢|栋|座|单元|室|楼|层|梯|组|队|房|宅|埭|宿舍)\s?(?:之{_NUMERAL})?/?)"
_INNER = rf"(?:(?:(?![{_NO_ROAD}])[{_HAN}]){{1,8}}{_PART}{{1,3}})?"  # an estate after the lane, a hamlet in a village
_LIVES = re.compile(
    rf"(?:住在|住址是?|(?:(?<![{_HAN}])|家庭|居住|收货|户籍|联系|现|我家的?|我的)地址是?|老家在?|我家在|家在|家住|(?:[现租]|居|合|暂)?住(?:的是|的|勒(?:嗨|该|海)?|了|址)?|屋里(?:厢|向)?(?:在|勒(?:嗨|海)?)?|家里(?:是|在)?|老宅(?:在|是)?|户口在|户籍在|房子在|房子是|租在|租的是?|租(?:了|住)?|搬到|搬去|搬进|送到|寄到|寄给|送货到|上门到|快递到|我家(?:门牌号?)?(?:就?是|就在)?|门牌号?是?)[\s:：,，]{{0,2}}"
    rf"{_TOWN}({_STREET}\s?{_PART}{{1,6}}{_INNER}(?:\s?[0-9]{{3,4}})?)"
)
_ROAD_CHARACTER = rf"(?![在是的到从区镇道去我们有])[{_HAN}]"
_ROAD = rf"(?:{_ROAD_CHARACTER}){{1,6}}(?:路|街|公路|大道)"
_ESTATE = rf"(?:{_ROAD_CHARACTER}){{1,6}}(?:新村|[一二三四五六七八九]村|小区|花苑|家园|花园|公寓|苑)(?:[{_HAN}]{{1,2}}[区期])?"
_VILLAGE = re.compile(  # a number in a village of a town is a home
    rf"(?:镇|街道|乡)\s?((?:(?![{_NO_ROAD}])[{_HAN}]){{1,6}}村\s?(?:{_PART}){{1,4}})(?!线)"
)
_BLOCK = re.compile(  # a name, a block and a room, whatever the estate calls itself
    rf"((?:{_ROAD_CHARACTER}){{2,8}}\s?{_NUMBER}\s?(?:幢|栋|号楼)\s?(?:{_NUMBER}\s?单元\s?)?[0-9]{{3,4}}(?!年|[0-9])(?:\s?室)?)"
)
_PHASE = r"(?:[东南西北中甲乙丙丁一二三四五六七八九ABCD][区期片块村])"
_ANY_ESTATE = re.compile(  # whatever it calls itself, with its part, a block, a unit and a room
    rf"((?:(?:{_ROAD_CHARACTER})|[A-Z]){{2,12}}{_PHASE}?\s?{_NUMBER}\s?(?:幢|栋|号楼|座)\s?(?:{_NUMBER}\s?(?:单元|梯)\s?)?(?:[0-9]{{3,4}}|{_NUMBER}(?:室|层|楼))(?!年|[0-9])(?:\s?(?:室|宿舍))?)"
)
_ESTATE_OF_NUMBER = re.compile(  # a road's number, the estate's name beside it, block and room
    rf"({_ROAD}\s?{_NUMBER}\s?(?:弄|号)\s?[(（][{_HAN}]{{2,8}}[)）]\s?[0-9]{{1,3}}(?:号(?:楼)?|-)(?:[0-9]{{3,4}})?(?:室)?)"
)
_ANY_VILLAGE = re.compile(
    rf"((?:{_ROAD_CHARACTER}){{2,7}}(?<!新)村\s?(?:{_NUMBER}\s?[组队]\s?)?[0-9甲乙丙丁]{{1,4}}号)(?![线楼院])"
)
_FULL = re.compile(  # without such words: only where lane and house, or house and room, single out a home
    rf"({_ROAD}\s?{_NUMBER}\s?弄\s?{_INNER}{_PART}{{1,4}}(?:\s?[0-9]{{3,4}})?"
    rf"|{_ROAD}\s?{_NUMBER}\s?(?:号楼?|幢|栋)\s?(?:{_NUMBER}\s?(?:单元|号)\s?)?[0-9]{{2,4}}\s?(?:室|号房)"
    rf"|{_ESTATE}\s?{_NUMBER}\s?(?:号楼?|幢|栋)\s?(?:{_PART}){{0,3}}(?:\s?[0-9]{{3,4}})?)"
)


_HOUSE_AND_ROOM = re.compile(
    rf"((?:{_ROAD_CHARACTER}){{2,8}}\s?[0-9]{{1,3}}\s?号\s?[0-9]{{3,4}}(?:室|(?=$|[\s,，。；;！!？?、])))"
)
_HAMLET = re.compile(  # a village, a hamlet in it, and a house
    rf"((?:{_ROAD_CHARACTER}){{1,5}}村(?:{_ROAD_CHARACTER}){{1,5}}?\s?(?:{_NUMBER}\s?[组队])?\s?[0-9甲乙丙丁]{{1,4}}号)(?![线楼院])"
)
_NO_BLOCK = re.compile(  # an estate that calls itself anything, and numbers with dashes
    rf"(?:住在?|家在|地址[是:：]?|我家|租在|送到|寄到|我们?)[\s:：,，]{{0,2}}{_TOWN}((?:{_ROAD_CHARACTER}){{2,8}}?(?:[{_HAN}0-9]{{1,2}}期)?"
    r"\s?#?[0-9]{1,4}[\-—–/#][0-9]{1,4}(?:[\-—–/#][0-9]{1,4})?(?:室|号)?)(?![0-9年月日岁])"
)
_ROOM_FIRST = re.compile(  # as English has it
    r"((?:(?:Room|Rm|Apartment|Apt|Flat|Unit|Building|Bldg|Block|No|House|Lane|Alley)\.?\s?#?[0-9]{1,5}[A-Z]?\s?,?\s?(?:of\s|on\s)?){2,6}"
    r"(?:[0-9]{1,5}\s)?[A-Z][A-Za-z]{1,20}(?:\s[A-Z][A-Za-z]{1,20}){0,3})",
    re.IGNORECASE,
)
_STREET_HOUSE = re.compile(  # a house of a street, in English, where somebody says that it is home
    r"(?:live[sd]? (?:at|in|on)|address is|home is|staying at)\s((?:No\.?\s?)?[0-9]{1,5}(?:-[0-9]{1,4})?,?\s[A-Z][A-Za-z]{1,20}(?:\s[A-Z][A-Za-z]{1,20}){0,3})"
)


_OFFICE = (
    r"(?:派出所|居委|村委|居民委员会|村民委员会|政府|办事处|服务中心|受理中心|中心|医院|卫生院|门诊|学校|小学|中学|幼儿园|大学|银行|支行|法院|检察院|图书馆|文化馆|体育馆"
    r"|博物馆|纪念馆|公安局|税务局|交警|邮局|车站|地铁站|超市|菜场|商场|广场|公园|养老院|敬老院|大厅|窗口|站点|营业厅|公司|单位|店)"
)
_OFFICE_AFTER = re.compile(rf"\s?[(（]?(?:室)?(?:的|是|就是|是不是|有|那个|这个|那边)?(?:[{_HAN}]{{0,6}}){_OFFICE}")
_OFFICE_BEFORE = re.compile(
    rf"{_OFFICE}[\s:：,，(（]?(?:的)?(?:在|就在|是在|是不是在|地址(?:是|在|[:：])?|搬到了?|搬去|位于|[:：])?$"
)
_OFFICE_CHARS = 12  # before an address, in which an office stands of which it is the address


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where a home stands, from the road or estate to the room; district, town and street office stay readable."""
    for pattern in (_LIVES, _NO_BLOCK, _ROOM_FIRST, _STREET_HOUSE):
        yield from (match.span(1) for match in pattern.finditer(text))
    for pattern in (_ESTATE_OF_NUMBER, _ANY_ESTATE, _FULL, _VILLAGE, _ANY_VILLAGE, _BLOCK, _HOUSE_AND_ROOM, _HAMLET):
        yield from (match.span(1) for match in pattern.finditer(text) if not is_office(text, *match.span(1)))


def is_office(text: str, start: int, end: int) -> bool:
    """Whether the address there is an office's, shop's or school's, as what stands beside it says."""
    before = text[max(0, start - _OFFICE_CHARS) : start]
    return bool(_OFFICE_AFTER.match(text, end) or _OFFICE_BEFORE.search(before))
