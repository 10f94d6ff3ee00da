"""Names, in the phrases in which people give them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.masking_persons import ANY_SURNAME

_HAN = r"\u4e00-\u9fff"
# The commonest surnames (over 95 % of the population) and the common compound ones.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪褚倪严牛温芦俞章鲁葛伍韦申尤毕聂焦向"
    "柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
    "陶翟安颜殷兰华樊骆娄邬符晏封艾佟臧冉池桑巫解应宗瞿仇戚计房"
)
_COMPOUND = "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|东方|端木|南宫"
_SURNAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_AFTER_NAME = (
    r"(?=$|[\s,，。.!！?？;；、:：()（）〔]|今年|现在|住|家住|想|要|的电话|的手机|电话|手机|身份证|请问|是|有|和|女士|先生|同志"
    r"|男|女|联系|来自|户口|户籍|在|来|问|您好|你好|微信|出生|本人|刚|已经|一个|为|因|没|能|可以|申请|咨询|反映|投诉|的)"
)
_END = r"(?=$|[\s,，。.!！?？;；、（(〔]"
_GIVEN = rf"[{_HAN}]{{1,2}}?"
_KIN = "爸爸?|妈妈?|父亲|母亲|老公|老婆|丈夫|妻子|爱人|儿子|女儿|孩子|小孩|孙子|孙女|爷爷|奶奶|外公|外婆|老伴|哥哥?|姐姐?|弟弟?|妹妹?"
_SAID = re.compile(
    rf"(?:我叫|我名叫|名字[叫是]|我的名字|姓名是?|本人叫|叫做|(?:{_KIN}|老人|学生|病人|邻居)(?:名字)?叫"
    rf"|[{_HAN}]{{1,3}}人(?:姓名)?(?:是|叫|[:：]))[\s:：,，]{{0,2}}({_SURNAME}{_GIVEN}){_AFTER_NAME}"
)
_CALLED = re.compile(
    rf"(?:我叫|我名叫|名字叫|名字是|(?:姓名|联系人|申请人)[:：])\s?([{_HAN}]{{2,6}})(?=$|[\s,，。.!！?？;；])"
)
# What a form asks for: whatever stands there and ends there, or before what it asks for next, is a name.
_FIELD = r"(?:姓名|户名|联系人|申请人|收件人|收货人|经办人|法定代表人|法人代表|法人|负责人|被保险人|投保人|受益人|持证人|持卡人|监护人|登记名|署名|落款|新郎|新娘|大名|小名|乳名|昵称|曾用名|英文名|学名|花名|网名|绰号|外号)"
_OF_FORM = re.compile(
    rf"{_FIELD}(?:[:：]\s?|\s|[是叫]\s?)([{_HAN}]{{2,4}})(?=$|[,，。;；、]|\s{{1,3}}(?:性别|电话|手机|身份证|证件|[男女]|[0-9]))"
)
_OF_FORM_CLOSE = re.compile(
    rf"{_FIELD}({_SURNAME}{_GIVEN})(?=$|[,，。;；、]|\s{{0,3}}(?:性别|电话|手机|身份证号|证件号|[0-9]))"
)
_SIGNED = re.compile(
    rf"(?:(?:此致敬礼|此致|敬礼|谢谢|感谢|(?<![\u4e00-\u9fff])以上)[\s!！。,，:：]{{1,3}}|落款[\s:：]{{0,2}}|(?:——|--)\s?)((?:{_COMPOUND}|{ANY_SURNAME})[{_HAN}]{{1,2}})(?:\s?(?:敬上|上|谨上|拜托|留))?\s{{0,3}}$"
)
_PETNAMED = re.compile(rf"(?:小名|乳名|昵称|网名|绰号|外号)(?:叫|是)?([{_HAN}]{{2,3}})(?=$|[,，。;；、])")
_TO_BE_CALLED = re.compile(rf"(?:叫|喊|称呼)我([阿小老][{_HAN}]{{1,4}})(?=就|吧|好了|$|[,，。;；])")
_IN_ENGLISH = re.compile(
    r"(?:[Cc]all me|英文名(?:叫|是)?|拼音是?|[Nn]ame[:：])\s?([A-Z][a-zA-Z'’\-]{1,20}(?:[ \t][A-Z][a-zA-Z'’\-]{1,20}){0,3})"
)
_LETTERED = re.compile(  # in the letters of Korea and Japan, within Chinese words
    r"(?:^|(?<=[\s,，。:：是叫我]))((?:[\uac00-\ud7a3]{2,5}(?:\s[\uac00-\ud7a3]{1,3})?|[\u30a0-\u30ff]{2,8}(?:[・\s][\u30a0-\u30ff]{2,8})?))(?=[\s,，。;；、:：(（]|$)"
)
_SURNAME_AND_NAME = re.compile(rf"(?<![{_HAN}]{{2}}改)姓[\s:：]?([{_HAN}]{{1,2}}名[{_HAN}]{{1,2}})(?=$|[,，。;；])")
_SINGLE = re.compile(rf"单名(?:一?个)?([{_HAN}])(?=字|$|[,，。;；])")
_NAMED_SO = re.compile(rf"名叫[\s:：]?({_SURNAME}{_GIVEN}){_AFTER_NAME}")
_SURNAMED = re.compile(
    rf"(?:我|本人|免贵|鄙人|敝)姓[\s:：]?({_SURNAME}(?:名[\s:：]?{_GIVEN}(?=$|[\s,，。；;]))?)(?=$|[\s,，。.!！?？;；、女先同]|想|要|有|电话|手机|家住|住)"
)
_LATIN_NAME = r"[A-Z][a-zA-Z'’\-]{1,20}(?:[ \t][A-Z][a-zA-Z'’\-]{0,20}){0,3}"
_LATIN = re.compile(
    rf"(?:我叫|我是|名字[叫是]|姓名[:：是]?|[Mm]y name is|I am|I'm|[Nn]ame[:：])[\s:：]{{0,2}}({_LATIN_NAME})(?=$|[\s,，。.!！?？;；、]|今年|住)"
)
# Names of minorities and translated ones: a dot between two parts.
_DOTTED = re.compile(
    rf"(?:我叫|我是|名叫|叫|学生|孩子|老人|本人|姓名|联系人|邻居)[\s:：是]{{0,2}}([{_HAN}]{{1,8}}(?:[·•・‧∙][{_HAN}]{{1,8}}){{1,3}})"
)
_AM = re.compile(
    rf"(?:我是|我系|本人是|本人)[\s:：]?({_SURNAME}{_GIVEN})"
    rf"{_END}|今年|家住|住在|住|电话|手机|身份证|请问|想问|想咨询|要反映)"
)
_ROLE = "联系人|户主|业主|申请人|投诉人|反映人|报名人|登记人|承租人|监护人"
_KIN_NAMED = re.compile(
    rf"(?:(?:我|我的|我家|本人)(?:{_KIN})|{_ROLE})({_SURNAME}{_GIVEN}){_END}|今年|是|身份证|电话|手机)"
)
# What may follow 「我是」 and begins with a surname, but is no name: places of the district, and what people are.
_NO_NAMES = re.compile(
    r"徐泾|朱家角|赵巷|华新|金泽|白鹤|练塘|重固|夏阳|盈浦|香花桥|青浦|高中|高龄|高三|高一|高二|高管|高级|高新|高血|白领|白血|盛家|单身|单亲|文盲|文员"
    r"|包工|关心|关于|成年|成都|江苏|江西|江桥|路过|路人|方便|常住|常常|常年|时候|任何|任教|何时|马上|万一|万家|严重|严格|安徽|温州|宁波|石家庄|武汉|龙江"
    r"|向您|向你|曾经|曾在|童年|金融|金山|阳光|谷|游客|管理|卫生|左右|向往|庄稼|田里|汪汪|江南|毛病|齐齐|成人|司机|孔雀|苏州|苏北|杨浦|黄浦|徐汇|松江|闵行"
    r"|康复|康养|时间|包括|广|程序|支持|支付|沈阳|牛奶|安置|路上|万分|申[请报诉办领]|毕业|高考|高职|高层|高度|单独|任职|董事|武警|文职|陆续|关节|关注|查询|查看"
    r"|成功|成绩|成长|成为|成立|向来|施工|纪委|游泳|白天|方面|方案|时常|严禁|温暖|舒服|辛苦|高兴|韩国|欧洲|石首|黄冈|黄石|郑州|徐州|常州|常熟|甘肃|宁夏|江阴"
    r"|华为|华东|华侨|华人|安全|安亭|安排|安静|房[东客主产屋间]|应届|解放|解决|计划|计算|封闭"
)
_NEVER_IN_NAMES = re.compile(r"什么|啥|谁|哪|[个的了吗呢们]|人$")
_NEVER_CALLED = re.compile(r"[去来到不没车院号您你我他们这那]")  # 「我叫车去医院」
_NEVER_AM = re.compile(r"[员户者师婆族省市区县镇村座]$")  # what people are, not who: 「我是程序员」


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where a person's name stands."""
    for pattern, never in _NAME_RULES:
        for match in pattern.finditer(text):
            asked_to_call = text[: match.start()].endswith(("帮", "给", "替", "请"))  # 「帮我叫个车」
            name = match.group(1)
            if not (asked_to_call or _NEVER_IN_NAMES.search(name) or any(rule.search(name) for rule in never)):
                yield match.span(1)


_LATIN_WORDS = re.compile(
    r"^(?:iPhone|IPhone|Android|App|APP|VIP|WeChat|QQ|AI|HR|CEO|IT|GPS|WiFi|Wi-Fi|Not|Very|From|In|A|An|The|Looking)\b"
)
_BEGINS_NO_NAME = re.compile(rf"^(?:{_NO_NAMES.pattern})")
_NO_FIELD = re.compile(
    r"^(?:是|要|的|和|与|或|填|写|不|没|有|怎|变|改|信息|电话|手机|地址|性别|年龄|姓名|本人|名字|公开|错|一致|多少|哪|谁|什么|为|可以|必须|应该|需要|在|都|也|能|会|同意|签|名|身份|资料|栏|那|这|你|我|他|她|您)"
)
_NO_SIGNATURE = re.compile(
    r"^(?:你|您|大家|各位|政府|领导|老师|了|啦|哈|再见|拜|帮|回|答|解|告|提|请|辛苦|关|支|不|等|望|希|盼|急|请问|就|是|都|全|问|情|内|信|反|意|建|说|没|好|这|那|什么|亲|师|客|机)|[吗呢吧了啊的题况息]$"
)
_NAME_RULES = (
    (_OF_FORM, (_NO_FIELD,)),
    (_OF_FORM_CLOSE, (_NO_FIELD,)),
    (_SIGNED, (_NO_SIGNATURE,)),
    (_PETNAMED, (_NO_FIELD,)),
    (_TO_BE_CALLED, ()),
    (_IN_ENGLISH, ()),
    (_LETTERED, ()),
    (_SINGLE, ()),
    (_SURNAME_AND_NAME, ()),
    (_SAID, ()),
    (_DOTTED, ()),
    (_LATIN, (_LATIN_WORDS,)),
    (_NAMED_SO, (_BEGINS_NO_NAME, _NEVER_AM)),
    (_SURNAMED, ()),
    (_CALLED, (_NEVER_CALLED,)),
    (_AM, (_BEGINS_NO_NAME, _NEVER_AM)),
    (_KIN_NAMED, (_BEGINS_NO_NAME, _NEVER_AM)),
)
