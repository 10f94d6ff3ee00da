"""Which characters can be a person's name: a surname of the list, and one or two more that make no word."""

from __future__ import annotations

import re

from conversations.masking_words import PERSON, PLAIN, common_words

# The Hundred Surnames and those common today (Source: 百家姓; 国家统计局 census of surnames).
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧肖尹姚邵湛汪祁毛禹狄贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾娄江童颜郭梅盛"
    "林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊於惠甄曲封芮储靳邴糜松井段富巫"
    "乌焦巴弓牧侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥闻莘党翟谭贡劳逄姬"
    "申扶堵冉宰郦雍桑桂濮牛寿边扈燕冀郏浦尚农温庄晏柴瞿阎慕茹习艾鱼古易慎戈廖庾终暨居衡步耿满匡国寇广禄阙东沃利蔚越隆师巩聂晁敖冷辛阚简饶"
    "曾沙鞠丰巢关蒯查荆红游竺盖桓丘闫晋楚涂岳佘佟牟商苟代邸门覃霍付覃谌揭占储欧麦练仝亓鹿兰植隋练尧路毋楼阳位冼钭岩宾"
)
ANY_SURNAME = f"[{''.join(sorted(_SURNAMES))}]"  # of one character, for patterns
_COMPOUND = frozenset(
    [
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "夏侯",
        "东方",
        "端木",
        "南宫",
        "宇文",
        "长孙",
        "轩辕",
        "钟离",
        "淳于",
        "申屠",
        "太史",
        "闻人",
        "呼延",
        "澹台",
        "濮阳",
        "拓跋",
        "独孤",
        "万俟",
        "赫连",
        "司空",
        "鲜于",
        "完颜",
        "纳兰",
        "东郭",
        "西门",
        "百里",
        "第五",
    ]
)
# Surnames that are everyday words or begin many: what follows them must not be a word itself.
_EVERYDAY = frozenset(
    "于向应时常成关单任何万高安包方查计解由从经连管左全能会都家国强乐元平明红广富满利幸乌车边党易简终暴代商师门东南北和段步充印怀习古居区位阳楼路"
    "钱费齐白毕伏农牧冷皮麻祖秋松全束支索咸籍劳阴扶堵宰仰井班鱼羊游盖占文温康申童越隆沙丰白支房景封项祝练岩宾"
)
_NEVER_GIVEN = frozenset(
    "的了吗呢们个我你他她它您是在不没这那什么谁哪啥吧啊呀被把给从对得着到怎几两于以下上与及并但而或很太又再还也都就才"
)
_SELDOM_LAST = frozenset("要想去住说今昨男女问收电手")  # rather the next word than the end of a name
_GIVEN_WORDS = frozenset(
    [
        "小妹",
        "大妹",
        "阿妹",
        "小弟",
        "阿弟",
        "小宝",
        "阿宝",
        "大宝",
        "小红",
        "小明",
        "小花",
        "建国",
        "国庆",
        "和平",
        "建设",
        "解放",
        "胜利",
        "春天",
        "小军",
    ]
)
_NEVER_LAST = frozenset("人员户者族省市区县镇村路院座")  # what people are and where, not who: 「我是康养师」
# Words of the district and of its speech that no common dictionary has, and what begins them looks like a surname.
_LOCAL = re.compile(r"徐泾|华新|白鹤|夏阳|凤溪|蒸淀|商榻|沈巷|盛家|尤其|金泽|徐姚|白相|白癜|齐头|师傅|师父|康养|安卓")
_OFTEN_WORDS = re.compile(r"^[黄江金石田水花马牛]|[要想去住说问收打会来可能有多大小里时年天家一半单人们好]")
_TITLE = re.compile(
    r"先生|女士|小姐|太太|阿姨|老师|师傅|医生|主任|书记|同志|同学|大[爷妈叔姐哥]|叔叔|奶奶|爷爷|爷叔|嬢嬢|婆婆|公公|伯伯|阿[婆公伯叔哥嫂]|老[伯太]|师母|经理|院长|校长|队长|局长|区长|镇长|长制"
)
_THEY = "伊"  # he or she in Shanghai's speech: a surname only where a name is announced
_ONE_NAME = 3  # characters: in more there may be two names, and what stands between them
_HAN = re.compile(r"[\u4e00-\u9fff]")


def is_word(text: str) -> bool:
    """Whether a common dictionary has it as anything but somebody's name."""
    return common_words().holds(text, PLAIN)


def is_everyday(surname: str) -> bool:
    """Whether a surname is an everyday word itself, or begins many."""
    return surname in _EVERYDAY


def is_known_person(name: str) -> bool:
    """Whether books and newspapers name somebody so."""
    return common_words().holds(name, PERSON)


def may_be_plain(text: str, at: int) -> bool:
    """Whether the three characters that begin with a surname at `at` can be a name at all, and name more than a title."""
    given = text[at + 1 : at + 3]
    return (
        len(given) == 2
        and all(_may_be_given(character) for character in given)
        and given[1] not in _NEVER_LAST
        and text[at] not in (text[at + 1], _THEY)
        and not _TITLE.match(text, at + 1)
        and not _LOCAL.match(text, at)
    )


def is_no_name(text: str) -> bool:
    """Whether it is a word of the district, or as short as one name and of characters that no name has."""
    return bool(_LOCAL.fullmatch(text)) or (len(text) <= _ONE_NAME and any(each in _NEVER_GIVEN for each in text[1:]))


def surname_at(text: str, at: int) -> int:
    """Where the surname that begins at `at` ends; `at` if none does."""
    if text[at : at + 2] in _COMPOUND:
        return at + 2
    return at + 1 if text[at : at + 1] in _SURNAMES else at


def name_end(text: str, at: int) -> int:
    """Where the full name that begins at `at` ends; `at` if no name begins there."""
    given = surname_at(text, at)
    if given == at or not _may_be_given(text[given : given + 1]) or not _may_begin(text, at):
        return at
    short, long = given + 1, given + 2
    ends = [short] if _prefers_short(text, given) else [long, short]
    everyday = given - at == 1 and text[at] in _EVERYDAY and text[given:long] not in _GIVEN_WORDS
    if is_word(text[at:short]) or (everyday and (is_word(text[given:long]) or is_word(text[given : long + 1]))):
        return at
    end = next((end for end in ends if len(text) >= end and not is_word(text[at:end])), at)
    return at if text[end - 1 : end] in _NEVER_LAST else end


def _may_begin(text: str, at: int) -> bool:
    """Not twice the same, not a word of the district, and not the end of a word that began before: 「老公房」."""
    if _TITLE.match(text, surname_at(text, at)):  # 「王先生」 says no more than that somebody is meant
        return False
    joins = at > 0 and text[at - 1] != "子" and is_word(text[at - 1 : at + 1])
    return not joins and text[at] != text[at + 1] and not _LOCAL.match(text, at)


def _prefers_short(text: str, given: int) -> bool:
    """Whether the second character after the surname belongs to the next word rather than to the name."""
    last = text[given + 1 : given + 2]
    if not _may_be_given(last) or last in _SELDOM_LAST:
        return True
    if is_word(text[given : given + 2]):
        return False
    return is_word(text[given + 1 : given + 3]) and bool(_HAN.match(text[given + 2 : given + 3]))


def _may_be_given(character: str) -> bool:
    return bool(_HAN.match(character)) and character not in _NEVER_GIVEN


def is_plain_name(name: str) -> bool:
    """Whether a name of three characters can be nothing else: no everyday word begins or ends it."""
    looks_so = len(name) == 3 and name[0] not in _EVERYDAY and name[0] in _SURNAMES
    return looks_so and not _OFTEN_WORDS.search(name) and not is_known_person(name)
