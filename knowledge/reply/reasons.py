"""Which reason a refusal may name: what is asked for by its words, and an aspect that is guessed only if words ask for it.

`knowledge/search/aspects.py` guesses what a question asks for from many like it; 「校车」 comes near 「校车谁负责」, and asks for
nobody. A guess is believed where the question has a word without which one does not ask so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Aspect → what is asked for by words (`unsaid.py`)  that are the same thing.
WHAT_OF: Mapping[str, tuple[str, ...]] = {
    "fee": ("price",),
    "phone": ("phone",),
    "address": ("address",),
    "opening_hours": ("hour",),
    "exact_date": ("date", "day"),
    "how_to_apply": ("how_to_apply",),
    "documents": ("documents",),
    "person_in_charge": ("lead",),
    "figure": ("number",),
}
# Read off the labelled questions of knowledge/sources/training/not_in_plan.yml: nine in ten of an aspect have such a word.
_WORDS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in {
        "how_to_apply": r"申|办|登记|报名|报|预约|约|手续|流程|步骤|第一步|下一步|接下来|入口|渠道|路子|排队|轮候|排号|领|填|备案|下单|扫码|递|提|网上|手机|小程序|复评|过户|软件|名额|转|去哪|到哪"
        r"|[寻找跟](?:谁|啥人|哪)|(?:怎么|哪能|咋|怎样|如何)(?:个|去|给|才|能|要)*[^，。]{0,6}(?:弄|上|进|用|走|写|订|选|交|来|开|加入|参加|安排|装)"
        r"|apply|register|sign up|enrol|how (?:do|can|to|should)",
        "documents": r"材料|证|带|资料|单|复印|户口|照片|章|文件|文书|准备|体检|报告|委托书|表|本|原件|同意书|几份|出示|签|协议|合同|交什么|document|paper|bring",
        "fee": r"钱|费|价|贵|元|块|钿|租金|补贴|津贴|报销|免|便宜|开销|几成|掏|押金|贴|白送|够付|工薪|吃得消|工资|退休金|报[几多]|折|优惠|多少"
        r"|cost|fee|price|rent|charge|pay|free|expensive",
        "phone": r"电话|号|热线|联系|打|哪拨|拨|喊|座机|投诉|找谁|call|phone|number|contact",
        "address": r"哪[里儿条边幢栋块]|在哪|去哪|到哪|啥地方|什么地方|何处|何村|地址|在何|位置|门牌|几[号楼路]|定位|坐落|幢|地图|地点|名单|新址|怎么走|路|附近|近|老地方|搬|站|where|address|location",
        "opening_hours": r"几点|时间|开门|关门|周末|周[一二三四五六日]|礼拜|星期|双休|节|晚上|夜|营业|上班|开放|时段|钟|假|休|辰光|中午|作息|哪几天|开不开|开[吗伐]|有人|烧饭|hour|open|close|time",
        "exact_date": r"时候|啥时|何时|几时|月|号|哪[一]?天|哪[一]?年|日|多久|辰光|时间|轮到|几[年天月]|开春|年底|礼拜|截止|第几|when|date|day|month|time",
        "personal_case": r"我|阿拉|俺|咱|本人|自己|自家|侬|爸|妈|爹|娘|儿|女|孩|囡|囝|娃|婆|公|爷|奶|外婆|家里|屋里|邻居|隔壁|老板|户|批|\b(?:my|i|our|we|me)\b",
        "eligibility": r"条件|资格|符合|够|能|可以|可不可以|算不算|算|要求|哪些人|啥人|什么人|谁|岁|限|要不要|[才好][^，。]{0,8}[伐吗]|才|标准|门槛|轮|收|让|享受|对象|优先|名额|有[^，。]{0,12}[吗伐么]|有没有|eligib|qualif|who can|can (?:i|my|we)",
        "current_status": r"现在|目前|已经|眼下|今年|去年|上年|[上下]半年|上个?月|今朝|昨|前|后来|最近|刚|20\d\d|[了过][吗没伐么]|好了|完|到底|如今|目下|进度|进展|哪一步|多少了|几|多少|还有|有没有|空|最|新|排|哪家|哪个|口碑|怎么样|哪能|批|涨|now|current|already|yet|latest|best",
        "person_in_charge": r"谁|啥人|人|部门|单位|负责|哪[个家位]|局|领导|主任|主席|院长|校长|书记|牵头|责任|管|姓|叫|供应商|公司|老师|医生|物业|名字|who|department|charge|name",
        "figure": r"多少|几|多[大高长]|数|率|比例|百分|人数|总|how (?:many|much|big|large)|number|share",
    }.items()
}


def is_asked_for(aspect: str, text: str) -> bool:
    """Whether a normalised question has a word that asks for an aspect of `wording.ASPECTS`; any other aspect is believed."""
    words = _WORDS.get(aspect)
    return words is None or bool(words.search(text.lower()))
