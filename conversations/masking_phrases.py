"""Names and home addresses, in the phrases in which people give them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = r"\u4e00-\u9fff"
# The 120 commonest surnames (over 90 % of the population) and the common compound ones.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪褚倪严牛温芦俞章鲁葛伍韦申尤毕聂焦向"
    "柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
)
_COMPOUND = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|东方|端木|南宫"
_SURNAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_AFTER_NAME = (
    r"(?=$|[\s,，。.!！?？;；、:：()（）〔]|今年|现在|住|家住|想|要|的电话|的手机|电话|手机|身份证|请问|是|有|和|女士|先生|同志"
    r"|男|女|联系|来自|户口|户籍|在|来|问|您好|你好|微信|出生|本人|刚|已经|一个|为|因|没|能|可以|申请|咨询|反映|投诉|的)"
)
_GIVEN = rf"[{_HAN}]{{1,2}}?"
_SAID = re.compile(
    rf"(?:我叫|我名叫|名字叫|名字是|我的名字|姓名是?|本人叫|叫做|联系人是?|户主是?|申请人是?|业主是?|我爸叫|我妈叫|老公叫|老婆叫|儿子叫|女儿叫"
    rf"|孩子叫|母亲叫|父亲叫|爷爷叫|奶奶叫|外公叫|外婆叫|老伴叫|小孩叫)[\s:：,，]{{0,2}}({_SURNAME}{_GIVEN}){_AFTER_NAME}"
)
_CALLED = re.compile(rf"(?:我叫|我名叫|名字叫|名字是|姓名[:：])\s?([{_HAN}]{{2,4}})(?=$|[\s,，。.!！?？;；])")
_AM = re.compile(
    rf"(?:我是|我系|本人是|本人)[\s:：]?({_SURNAME}{_GIVEN})(?=$|[\s,，。.!！?？;；]|今年|家住|住在|住|电话|手机|身份证|想问|想咨询|要反映)"
)
# What may follow 「我是」 and begins with a surname, but is no name: places of the district, and what people are.
_NO_NAMES = re.compile(
    r"徐泾|朱家角|赵巷|华新|金泽|白鹤|练塘|重固|夏阳|盈浦|香花桥|青浦|高中|高龄|高三|高一|高二|高管|高级|高新|白领|白血|盛家|单身|单亲|文盲|文员|包工|关心|关于"
    r"|成年|成都|江苏|江西|江桥|路过|路人|方便|常住|常常|时候|任何|任教|何时|马上|万一|万家|严重|严格|安徽|温州|宁波|石家庄|武汉|龙江|向您|向你|易|于|曾经|曾在"
    r"|童年|金融|金山|阳光|谷|盛|游客|管理|卫生|左右|向往|庄稼|田里|汪汪|江南|毛病|齐齐|成人|司机|孔雀|苏州|苏北|杨浦|黄浦|徐汇|松江|闵行|康复|康养|时间|包括|广"
)
_NEVER_IN_NAMES = re.compile(r"什么|啥|谁|哪|[个的了吗呢们]|人$")
_TOWN = r"(?:上海市?)?(?:青浦区?)?(?:[\u4e00-\u9fff]{2,3}(?:镇|街道))?"
_STREET = rf"[{_HAN}]{{1,8}}?(?:公路|大道|支路|东路|西路|南路|北路|中路|路|街|新村|小区|花园|花苑|家园|公寓|苑|坊|村|里|城|园|湾|庭|府|墅)"
_NUMBER = r"[0-9A-Za-z]{1,6}(?:-[0-9]{1,4})?"
_PART = rf"(?:{_NUMBER}\s?(?:弄|支弄|号楼|号|幢|栋|座|单元|室|楼|层|组|队|房)\s?(?:之[0-9一二三四五六七八九])?)"
_LIVES = re.compile(
    rf"(?:住在|住址是?|家庭住址|家庭地址|居住地址|地址是?|我家在|家在|家住|住|户口在|户籍在|房子在)[\s:：,，]{{0,2}}{_TOWN}({_STREET}\s?{_PART}{{1,6}}(?:\s?[0-9]{{3,4}})?)"
)
_FULL = re.compile(
    rf"((?:(?![在是的到从区镇道去])[{_HAN}]){{1,6}}(?:路|街|公路|大道|新村|小区|花园|苑)\s?{_NUMBER}\s?弄\s?(?:小区)?\s?{_PART}{{1,4}}(?:\s?[0-9]{{3,4}})?"
    rf"|(?:(?![在是的到从区镇道去])[{_HAN}]){{1,6}}(?:路|街|公路|大道|新村|小区|花园|苑)\s?{_NUMBER}\s?(?:号楼?|幢|栋)\s?(?:{_NUMBER}\s?(?:单元|号)\s?)?[0-9]{{2,4}}\s?(?:室|号房)?)"
)


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where a person's name stands."""
    for pattern in (_SAID, _CALLED, _AM):
        for match in pattern.finditer(text):
            asked_to_call = text[: match.start()].endswith(("帮", "给", "替", "请"))
            no_name = pattern is _AM and _NO_NAMES.match(match.group(1))
            if not (asked_to_call or no_name or _NEVER_IN_NAMES.search(match.group(1))):
                yield match.span(1)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where a home stands, from the road or estate to the room; district, town and street office stay readable."""
    for pattern in (_LIVES, _FULL):
        yield from (match.span(1) for match in pattern.finditer(text))
