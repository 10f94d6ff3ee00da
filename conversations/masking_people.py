"""Names beside what people say of a person: kin, roles, titles, sex and age, nationality, a telephone number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.masking_persons import is_plain_name, is_word, name_end, surname_at

_HAN = r"\u4e00-\u9fff"
_MINE = r"(?:我们家?|我家?的?|我屋里的?|阿拉家?|俺们?家?|咱们?家?|吾|伲|本人的?|他的?|她的?|侬|你们?的?)"
_KIN = (
    r"先父|先母|先夫|亡夫|亡妻|亡父|亡母|家父|家母|公公婆婆|老公|老婆|丈夫|妻子|爱人|先生|太太|前夫|前妻|男友|女友|男朋友|女朋友|对象|老伴|老头子?|老太婆?|老太太|老人家|老爷子|老娘|老爸|老妈|老爹"
    r"|爸爸|妈妈|父亲|母亲|爷爷|奶奶|外公|外婆|阿公|阿婆|阿爷|阿奶|好婆|公公|婆婆|岳父|岳母|丈人|丈母娘|伯伯|伯母|叔叔|婶婶|舅舅|舅妈|姑姑|姑妈|姑父|阿姨|姨妈|姨父"
    r"|继父|继母|养父|养母|养女|养子|干妈|干爹|干儿子|干女儿|亲家|连襟|妯娌|小叔子?|小姑子?|大姑子|小舅子?|大舅|大姨|小姨|媳妇|闺女|丫头|重孙|双胞胎|龙凤胎|表叔|堂叔|娘舅"
    r"|阿姐|阿哥|阿弟|阿妹|阿叔|阿伯|寄爹|家主婆|大嫂|二姐|三姐|三哥|二弟|三弟|大妹|二妹|配偶|老小"
    r"|大伯|大爷|大妈|大哥|大姐|二哥|二姐|小弟|小妹|嫂子|弟媳|姐夫|妹夫|儿子|女儿|囡囡|囡儿|大儿子|小儿子|大女儿|小女儿|儿媳妇?|女婿|孙子|孙女儿?|外孙女?|外甥女?|侄子|侄女|侄儿"
    r"|表哥|表弟|表姐|表妹|堂哥|堂弟|堂姐|堂妹|哥哥|弟弟|姐姐|妹妹|小囡|小孩|孩子|小朋友|宝宝|娃娃?|小宝|大宝|二宝"
)
_MY_KIN = rf"{_MINE}(?:{_KIN}|爸|妈|爹|娘|爷|哥|姐|弟|妹|儿|婆|公|夫|妻|孙|姑|姨|舅|叔|伯|嫂)"
_ROLE = (
    r"租客|房客|租户|房东|二房东|房主|户主|户名|业主|邻居|隔壁|楼上|楼下|对门|同屋|室友|同学|同事|同桌|朋友|老乡|老板娘?|老师傅|师傅|师父|班主任|老师|护工|护理员|保姆|阿姨|月嫂"
    r"|联系人|收件人|收货人|经办人|负责人|申请人|投诉人|反映人|报名人|登记人|承租人|监护人|受益人|持卡人|开户人|当事人|被告|原告|患者|病人|学生|家长|家属|代办人|委托人|继承人|保证人|同住人"
    r"|配偶|死者|亡者|逝者|老人|工友|嫌疑人|骗子|包工头|工头|司机|老赖|肇事者|居民|村民|网友|业主代表|楼组长|组长|队长|书记|主任|院长|校长|园长|所长|经理|中介|医生|大夫|护士"
)
_OFFICE = (
    r"(?:居委会?|村委会?|物业|社区|村里|居民区|业委会|街道|养老院|学校|医院|派出所|公司|单位|幼儿园|敬老院)(?:的)?"
)
# Beside kin a name may be followed by anything; beside a role, which a question may be about, by what ends a name.
_IS_KIN = re.compile(rf"{_KIN}")
_BESIDE_KIN = re.compile(
    rf"(?:{_MY_KIN}|(?:{_KIN})|租客|房客|前夫|前妻|同屋|室友)[\s:：]{{0,2}}(?:[,，]\s?)?(?:(?:名字)?(?:是|叫做?)?)\s?"
)
_BESIDE_ROLE = re.compile(rf"(?:{_ROLE})[\s:：]{{0,2}}(?:是|叫做?|为|名字)?[\s:：]{{0,2}}")
_STATED = re.compile(
    r"(?:(?<![帮给替请找打])叫做?|名叫|名字[叫是]?|姓名[叫是为]?|大名|本名|真名|实名|户名[是为]?|抬头|留的是|写的是|登记的是|填的是|署名|签名|联系|[联连]络|本人|我是|(?:收件|寄|交|转)给|我)[\s:：]{0,2}[「“\"(（]?"
)
_FROM_WHERE = re.compile(rf"(?:我|本人|俺|吾)(?:是|系)[{_HAN}]{{1,10}}?的(?=[{_HAN}])")
_AFTER = re.compile(
    r"\s{0,3}(?:$|[,，。.!！?？;；、:：)）」”\"〔(（\r\n]|今年|现年|[0-9]{1,3}岁|的?(?:电话|手机|号码|身份证|家属|家|账户|卡|户口|名字|名下)|女士|先生|同志|同学"
    r"|本人|我(?:妈|爸|老|儿|女|孙|家|是|想|要|住|今|的)|是我|家住|住|请问|想|要|来|收|反映|投诉|申请|咨询|报名|登记|已经|现在|去年|明年|男|女|[1-9])"
)
_AFTER_PERSON = re.compile(
    r"[\s,，、:：(（]{0,3}(?:男|女|虚岁|[0-9〇零一二三四五六七八九十]{1,3}[岁周]|[1-9][0-9]{10}(?![0-9])|1[3-9][0-9\-· ]{9,14}"
    r"|(?:联系)?(?:电话|手机号?|号码|身份证))"
)
_TITLE = "书记|主任|院长|校长|园长|所长|经理|队长|组长|医生|护士|师傅|老师|阿姨|同志"
_TITLED = re.compile(rf"(?:{_TITLE}|的?(?:家属|家长|儿子|女儿|老公|老婆|妈妈|爸爸|父亲|母亲))")
_SIGN_AFTER = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:(?:同志|女士|先生)?收(?:$|[\s,，。!！)）])|小朋友|敬上|[\s,，、]{1,2}[男女](?:$|[\s,，、。])|[\s,，]?(?:今年|现年)?[0-9]{1,3}岁|本人(?:$|[,，])"
    r"|[\s,，:：]{0,2}(?:联系)?(?:电话|手机号?|身份证号?码?)?[\s:：是]{0,2}1[3-9](?:[ \-]?[0-9]){9}|的(?:家属|监护人|身份证|户口|社保卡|医保卡))"
)
_PLAIN_CHARS = 3  # of a name that `is_plain_name`
_BEGINS = re.compile(rf"(?:^|[\s,，。.!！?？;；、:：(（〔〕是找给叫请寄留到]|{_OFFICE})(?=[{_HAN}])")
_AT_OFFICE = re.compile(rf"(?:{_OFFICE}|{_TITLE})(?=[{_HAN}])")
# Where a question could stand as well, only names that look like nothing else.
_TOGETHER = re.compile(r"(?:[和跟与同被人员工者警师长兵友名的告爸妈]|举报|投诉)[\s:：]{0,2}")
_WRITTEN = re.compile(r"(?:(?:的|里|边|我|他|她|就)是|(?<![听描])写着?|妈[:：]|爸[:：])\s?")
_AFTER_NUMBER = re.compile(r"(?:1[3-9](?:[ \-]?[0-9]){9}[\s,，、(（]{0,2}(?:找|是|联系人|机主)?|找|我)")
_ENDS = re.compile(r"\s?(?:$|[,，。.!！?？;；、:：)）\r\n]|收(?:$|[,，。]))")
_ON_BEHALF = re.compile(r"[帮替给为代]")
_DOES = re.compile(r"(?:来)?(?:问|申请|办|报|查|咨询|登记|交|领|预约|投诉|反映|挂)")
_IS_MINE = re.compile(
    rf"是(?:{_MINE}|我|他|她)(?:{_KIN}|爸|妈|邻居|同学|老师|同事|朋友)|的(?:老公|老婆|女儿|儿子|孙子|孙女|爸爸|妈妈|父亲|母亲|家属|监护人)"
)
_SURNAMED = re.compile(
    rf"(?:^|(?<!名字)(?<!改姓)[,，。;；]|我|本人|免贵|鄙人|俺|吾|他|她|{_MY_KIN}|{_KIN}|{_ROLE}|男人|女人|[个位家人])(?:是|也|都)?姓[\s:：]?(?=[{_HAN}])"
)
_AFTER_SURNAME = re.compile(
    r"\s{0,3}(?:$|[,，。.!！?？;；、)）]|的|女|先|同|想|要|有|电话|手机|号码|家住|住|今年|在|是|[0-9])"
)


def mentioned(text: str) -> Iterator[tuple[int, int]]:
    """Where a name stands beside what says that it is one."""
    for cue, after in (
        (_BESIDE_KIN, None),
        (_BESIDE_ROLE, _AFTER),
        (_STATED, _AFTER),
        (_FROM_WHERE, _AFTER),
        (_AFTER_NUMBER, _ENDS),
    ):
        yield from _after_cue(text, cue, after)
    for cue, after in (
        (_BESIDE_ROLE, None),
        (_TOGETHER, _AFTER),
        (_WRITTEN, _ENDS),
        (_ON_BEHALF, _DOES),
        (_BEGINS, _IS_MINE),
    ):
        yield from ((at, end) for at, end in _after_cue(text, cue, after) if is_plain_name(text[at:end]))
    yield from _after_cue(text, _BEGINS, _AFTER_PERSON)
    yield from _after_cue(text, _AT_OFFICE, _TITLED)
    yield from _before_sign(text)
    yield from _surnames(text)


def _after_cue(text: str, cue: re.Pattern[str], after: re.Pattern[str] | None) -> Iterator[tuple[int, int]]:
    for match in cue.finditer(text):
        end = name_end(text, match.end())
        named = end > match.end() and not _IS_KIN.match(text, match.end())
        if named and (after is None or after.match(text, end)):
            yield match.end(), end


def _before_sign(text: str) -> Iterator[tuple[int, int]]:
    """「寄到青浦镇吴美华收」: a name that only what follows shows to be one."""
    for match in _SIGN_AFTER.finditer(text):
        end = match.start()
        at = end - _PLAIN_CHARS
        if at >= 0 and name_end(text, at) == end and is_plain_name(text[at:end]):
            yield at, end


def _surnames(text: str) -> Iterator[tuple[int, int]]:
    """「房东姓庄」: the surname alone."""
    for match in _SURNAMED.finditer(text):
        end = surname_at(text, match.end())
        if end > match.end() and _AFTER_SURNAME.match(text, end):
            yield match.end(), end


# Syllables of Tibetan, Uyghur, Kazakh and Mongolian names, of which a name has one at least.
_SYLLABLES = (
    r"扎西|卓玛|次仁|普布|多吉|丹增|达瓦|尼玛|格桑|旺堆|旺姆|拉姆|央金|央宗|才让|才旦|索朗|索南|平措|顿珠|仁青|仁增|白玛|德吉|曲珍|曲措|米玛|巴桑|边巴|强巴|罗桑|洛桑|嘉措"
    r"|古丽|阿依|买买提|艾力|艾合买|吐尔|热合曼|热依|阿卜|阿不|买合|麦麦|努尔|迪丽|帕提|肉孜|木拉提|库尔班|依明|玉素|祖丽|沙吾|哈力|叶尔|别克|加娜|古孜|汗古|尼亚孜"
    r"|巴特尔|巴图|其其格|娜仁|格日勒|日娜|乌云|斯琴|哈斯|图雅|高娃|那木|苏和|布和|宝音|朝鲁|呼和|敖登|阿拉坦|萨仁|托娅|毕力格|巴雅尔|孟和|牧仁|青格|其木格|格根"
)
_PEOPLES = re.compile(
    rf"(?:^|[\s,，。!！?？;；:：]|{_KIN}|{_ROLE}|叫|我是|本人|姓名)[是叫:：\s]{{0,2}}(?=([{_HAN}]{{2,8}}?)(?:$|[\s,，。!！?？;；:：(（]|是|来自|在|今年|从|想|要|的|住|[0-9说被受去和]))"
)
_A_SYLLABLE = re.compile(_SYLLABLES)
_DOTTED = re.compile(
    rf"(?:^|[\s,，。!！?？;；:：]|{_KIN}|{_ROLE}|叫|我是|本人|姓名)[是叫:：\s]{{0,2}}(?=([{_HAN}]{{1,8}}(?:[·•・‧∙][{_HAN}]{{1,6}}){{1,3}}?)(?:$|[\s]?(?:想|要|女|男|今年|来|电话|手机|[,，:：(（]\s?(?:男|女|[0-9一二三四五六七八九十]{{1,3}}岁|1[3-9][0-9]|我|想|电话|手机))))"
)
_NO_DOTTED = re.compile("[区市镇村路院局会节]$")
_PEOPLE_BESIDE = re.compile(
    rf"(?:^(?!我是|我叫|本人)|我是|我叫|本人|[。!！;；]|叫)\s?([{_HAN}]{{2,6}})[,，(（、\s]\s?(?:我?是)?(?:[{_HAN}]{{1,4}}[族籍]|[{_HAN}]{{0,4}}国人)(?=$|[,，。)）;；\s])"
)
_NO_PERSON = re.compile(
    r"[的了吗呢们我你他她不没有什么哪谁啥请问好想要家里去来到区镇村市省路号院局]|您好|人$|员$|师$|者$|户$"
)
_LATIN_NAME = r"[A-Z][a-zA-Z'’\-]{1,20}(?:[ \t][A-Z][a-zA-Z'’.\-]{0,20}){0,3}"
_LATIN = re.compile(
    rf"(?:叫做?|名字[是叫]?|姓名|{_KIN}|{_ROLE}|(?:[Nn]ame is|[Nn]amed|[Cc]alled|[Tt]his is|I am|I'm|[Hh]usband|[Ww]ife|[Ss]on|[Dd]aughter|[Mm]other|[Ff]ather|[Nn]eighbou?r|[Ll]andlord|[Tt]enant|[Rr]egards|[Tt]hanks),?)"
    rf"[\s:：,，是]{{0,2}}({_LATIN_NAME})(?=$|[\s]?[,，。.!！?？;；、:：)）\u4e00-\u9fff0-9\r\n]|\s(?:and|from|is|has|was|here|speaking|lives?|wants?))"
)
_LATIN_WORDS = re.compile(
    r"^(?:iPhone|IPhone|Android|App|APP|VIP|WeChat|QQ|AI|HR|CEO|IT|GPS|WiFi|Wi-Fi|ETC|CPI|GDP|My|Our|Hello|Not|Very|From|In|A|An|The|It|Is|And|Looking|You|Qingpu|Shanghai|China|Chinese|Metro|Line"
    r"|[A-Z]{1,5}$|Didi|Uber|Alipay|American|British|German|French|Japanese|Korean|Indian|Russian|Canadian|Australian)\b"
)


def named_otherwise(text: str) -> Iterator[tuple[int, int]]:
    """Names that have no surname of the list: of other peoples, in Chinese characters or Latin letters."""
    for match in _PEOPLES.finditer(text):
        if len(match.group(1)) > 2 and _A_SYLLABLE.search(match.group(1)) and not _NO_PERSON.search(match.group(1)):
            yield match.span(1)
    for match in _DOTTED.finditer(text):
        if not _NO_DOTTED.search(match.group(1)):
            yield match.span(1)
    for match in _PEOPLE_BESIDE.finditer(text):
        if not _NO_PERSON.search(match.group(1)) and not is_word(match.group(1)):
            yield match.span(1)
    for match in _LATIN.finditer(text):
        if not _LATIN_WORDS.search(match.group(1)):
            yield match.span(1)
