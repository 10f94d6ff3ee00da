"""Every sentence that is the bot's own. None of them says anything about what the plan contains."""

HOTLINES = "可以拨打 12345 市民服务热线，或在“随申办”App 里查询"

NOT_IN_PLAN = "{document}里没有写这一点，我不能替它回答。{hotlines}。"
NOT_IN_PLAN_ASPECT = "{document}里没有写{aspect}，我不能替它回答。{hotlines}。"
SEVERAL = "您问了 {count} 件事，一件一件说："
PART = "{number}. “{question}”\n{said}"
OTHER_DISTRICT = "这里只有{document}，没有别的区和城市的规划，我不能替它们回答。可以问当地的 12345。"
NEARBY = "规划里相近的内容，可以点开或直接问："
POINTER = "工作人员的指引（不是规划原文，有效到{date}）：{text}　来源：{url}"
OUT_OF_SCOPE = (
    "这个问题不在我能回答的范围里。我只查{document}的原文，您可以问养老、托育、上学、住房等方面规划是怎么写的。"
)
CLARIFY = "您想问的是哪一个？"
OFFER = "不太确定您问的是哪一件，是不是："
NONE_OF_THESE = "都不是"
UNDERSTOOD_AS = "您是想问“{text}”吗？"
NUMBER_DIFFERS = "您提到的数字与规划原文不一样，请以下面的原文为准。"
YEAR_DIFFERS = "您问的是 {year} 年；规划的这一句没有单独写这一年，时间请以下面的原文为准。"
COMPARISON = "{label}：{year}年 {old}{unit}，目标 {new}{unit}，{direction} {difference}{unit}（{new}−{old}）。"
SOURCE_LINE = "出处：{document}{place}，第{page}页"
INDICATOR_LINE = "主要指标“{label}”：{year}年目标{before} {value}{unit}{after}。"
BASELINE_LINE = "{year}年：{label} {value}{unit}"
PROGRESS_TARGET = "规划目标 {value} · "
PROGRESS_LINE = "{target}最新公布（{date}，来源：{source}）：{latest}　{url}"
PROGRESS_STATES = {"planned": "尚未开始", "under_way": "推进中", "reached": "已完成", "missed": "未达到"}
PERIOD_ENDED = (
    "规划期为 {first}—{last} 年，现已结束。以上是规划当时写的目标，不代表已经完成；实际进展请以政府公布为准。"
)
ALSO_ASK = "您还可以问："
NO_DATE = "规划的这一段没有写明具体时间（规划期为 {first}—{last} 年）。{hotlines}。"
NO_NUMBER = "规划的这一段没有写具体数字。{hotlines}。"
NO_BASELINE = "规划里没有写这一项原来的数字。{hotlines}。"
NO_PLACE = "规划的这一段没有分别写到各个街镇或小区。{hotlines}。"
NO_MORE = "这方面规划里就写了这些。"
NO_CONTEXT = "您指的是哪件事呢？请把想问的内容说完整一些，比如“养老机构床位有多少”。"
LISTENING = "您慢慢说，我在听。想问规划里的哪一件事，直接说就行。"
DENIED = "对不起，刚才没找对。您想问的是不是这里面的一件？"
DENIED_BARE = "对不起，刚才没找对。请换个说法，或者说得具体一点，我再找一次。"
MEANT = "好的，您问的是“{text}”。"
REPEATED = "好的，再说一遍："
ERROR = "对不起，刚才没能查到答案，不是您的问题。您的问题已经记下，请稍后再问一次，或拨打 12345。"
PAUSED = "{notice}。现在暂停自动回答，您的问题已经记下；着急的事请拨打 12345 市民服务热线。"
TOO_LONG = "您的消息有 {length} 个字，超过了 {limit} 字的上限，我没法一次读完。请缩短到 {limit} 字以内再发。"
LIST_TITLE = "{document}在“{subject}”方面写了这些："
LIST_PLACE = "【{place}】"
LIST_ITEM = "{number}. {headline}（第{page}页）"
LIST_MORE = "还有 {count} 项，回复“还有呢”继续看。"
LIST_CHOICE = "“{subject}”方面都写了什么"
LIST_PAYLOAD = "{subject}方面有哪些安排"
LIST_END = "这方面就是这些。"
HANDOFF = "好的，已为您登记，编号 {reference}。工作人员会查看您的问题；如果着急，请直接拨打 12345 市民服务热线。"
SUGGESTION = "谢谢您的建议，已经登记，编号 {reference}，工作人员会查看。"
COMPLAINT = "您反映的情况已经登记，编号 {reference}，工作人员会查看。也可以拨打 12345 市民服务热线投诉或咨询。"

ASPECTS = {
    "how_to_apply": "怎么申请办理",
    "documents": "要带哪些材料",
    "fee": "收费多少",
    "phone": "联系电话",
    "address": "具体地址",
    "opening_hours": "开放时间",
    "exact_date": "具体日期",
    "personal_case": "个人的具体情况",
    "other_district": "其他地区的情况",
    "eligibility": "个人要符合什么条件",
    "current_status": "目前的实际情况",
    "person_in_charge": "具体由谁负责",
    "figure": "这个具体数字",
}

CHAT = {
    "greet": "您好！我是青浦民生问答。我可以帮您查{document}里关于养老、托育、上学、住房等方面的原文，请直接问。",
    "thanks": "不客气！还想了解什么，请接着问。",
    "goodbye": "再见，祝您一切都好！",
    "help": "您用平常说话的方式问就行，比如“养老院以后有多少床位”“老小区能装电梯吗”。我会把{document}的原文和页码找给您；规划没写的，我会直说。想找人工，回复“人工”。",
    "identity": "我是青浦民生问答，一个自动查询程序，不是真人。我只从{document}里找原文回答，不会自己编内容。想找工作人员，回复“人工”。",
}
