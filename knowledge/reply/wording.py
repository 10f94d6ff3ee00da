"""Every sentence that is the bot's own. None of them says anything about what the plan contains."""

from __future__ import annotations

from knowledge.reply.sentence import BotSentence

HOTLINES = BotSentence(
    "可以拨打 12345 市民服务热线，或在“随申办”App 里查询",
    "You can call 12345, the citizens' hotline, or look it up in the app “随申办” (Suishenban)",
)

NOT_IN_PLAN = BotSentence(
    "{document}里没有写这一点，我不能替它回答。{hotlines}。",
    "The plan {document} does not say this, and I cannot answer in its place. {hotlines}.",
)
SEVERAL = BotSentence("您问了 {count} 件事，一件一件说：", "You asked {count} things; here they are one by one:")
PART = BotSentence("{number}. “{question}”\n{said}", "{number}. “{question}”\n{said}")
PART_UNNAMED = BotSentence("{number}. {said}", "{number}. {said}")  # its words claim something: they do not come back
OTHER_DISTRICT = BotSentence(
    "这里只有{document}，没有别的区和城市的规划，我不能替它们回答。可以问当地的 12345。",
    "I have the plan {document} only, not those of other districts and cities, and cannot answer for them. You can ask the 12345 hotline there.",
)
NEARBY = BotSentence(
    "规划里相近的内容，可以点开或直接问：", "What stands close to it in the plan (in Chinese; choose one or just ask):"
)
POINTER = BotSentence(
    "工作人员的指引（不是规划原文，有效到{date}）：{text}　来源：{url}",
    "A pointer from staff (in Chinese, not the plan's words, valid until {date}): {text}　Source: {url}",
)
OUT_OF_SCOPE = BotSentence(
    "这个问题不在我能回答的范围里。我只查{document}的原文，您可以问养老、托育、上学、住房等方面规划是怎么写的。",
    "This is not something I can answer. I only look things up in the plan {document}: you can ask what it says about care for the elderly, childcare, schools, housing and other public services.",
)
CLARIFY = BotSentence("您想问的是哪一个？", "Which of these do you mean (in Chinese)?")
OFFER = BotSentence(
    "不太确定您问的是哪一件，是不是：", "I am not quite sure what you mean. Is it one of these (in Chinese):"
)
NONE_OF_THESE = BotSentence("都不是", "None of these")
UNDERSTOOD_AS = BotSentence("您是想问“{text}”吗？", "Do you mean “{text}”?")
NUMBER_DIFFERS = BotSentence(
    "您提到的数字与规划原文不一样，请以下面的原文为准。",
    "The number you mention differs from the plan's; please go by the plan's words below.",
)
YEAR_DIFFERS = BotSentence(
    "您问的是 {year} 年；规划的这一句没有单独写这一年，时间请以下面的原文为准。",
    "You ask about {year}; this sentence of the plan does not speak of that year by itself. For the time, please go by the plan's words below.",
)
# What the question asks for and is not there, in one sentence: of the sentence shown, of the passages to choose from, or of
# the whole plan. `what` by its name in `unsaid.py`.
UNSAID_LINE = BotSentence("规划的这一句{unsaid}。{hotlines}。", "This sentence of the plan {unsaid}. {hotlines}.")
UNSAID_IN_CHOICES = BotSentence(
    "规划在下面这几处{unsaid}。{hotlines}。", "What the plan says of these {unsaid}. {hotlines}."
)
NOT_IN_PLAN_UNSAID = BotSentence(
    "{document}里{unsaid}，我不能替它回答。{hotlines}。",
    "The plan {document} {unsaid}, and I cannot answer in its place. {hotlines}.",
)
# Where some of the choices speak of the place: of those that do not.
UNSAID_IN_SOME = BotSentence(
    "下面第 {numbers} 条，规划没有单独写{places}。{hotlines}。",
    "Of the choices below, the plan does not speak of {places} by itself in {numbers}. {hotlines}.",
)
# Where what was found names the place that was asked for and not the thing.
ONLY_THE_PLACE = BotSentence(
    "规划里写到{places}的，最相近的是下面这一句，里面没有写“{thing}”。{hotlines}。",
    "Of {places} the plan says nothing nearer than this sentence, and that does not speak of “{thing}”. {hotlines}.",
)
UNSAID_PLACE = BotSentence("没有单独写{places}", "does not speak of {places} by itself")
UNSAID_OF_PLACE = BotSentence("没有单独写{places}的这件事", "does not say this of {places}")
UNSAID_WHAT = BotSentence("没有写{what}", "does not say {what}")
UNSAID_AND = BotSentence("，也", " and ")
UNSAID = {
    "price": BotSentence("多少钱", "what it costs"),
    "number": BotSentence("具体数字", "the number"),
    "hour": BotSentence("几点到几点", "the hours"),
    "day": BotSentence("哪一天", "on which day"),
    "date": BotSentence("什么时候", "when"),
    "address": BotSentence("具体地址", "where exactly"),
    "phone": BotSentence("电话", "the telephone number"),
    "how_to_apply": BotSentence("怎么办理", "how to apply"),
    "documents": BotSentence("要带哪些材料", "which papers are needed"),
    "lead": BotSentence("由谁负责", "who is in charge"),
}
LISTED_AND = BotSentence("、", ", ")
LAST_AND = BotSentence("、", " or ")
OTHER_PLAN = BotSentence(
    "我这里只有{document}，没有“{next_plan}”的规划；下面是这一份里写的。",
    "I only have the plan {document}, not the next one (“{next_plan}”); below is what this one says.",
)
NO_FIGURE_OF_NOW = BotSentence(
    "您问的是现在：规划里没有现在的数字，下面每个数字是哪一年的，请看清楚。",
    "You ask about now: the plan gives no figure of today. Please mind the year of each figure below.",
)
COMPARISON = BotSentence(
    "{label}：{year}年 {old}{unit}，目标 {new}{unit}，{direction} {difference}{unit}（{new}−{old}）。",
    "Compared, {label}: {old}{unit} in {year}, target {new}{unit}, {direction} {difference}{unit} ({new}−{old}).",
)
SUM = BotSentence(
    "把刚才 {count} 段原文里的数字加起来：{formula}。规划没有单独写这个数，是照原文算的。",
    "The numbers of the last {count} passages together: {formula}. The plan does not give this number itself; it is worked out from its words.",
)
DIFFERENCE = BotSentence(
    "刚才两段原文里的数字相差：{formula}。规划没有单独写这个数，是照原文算的。",
    "The numbers of the last two passages differ by: {formula}. The plan does not give this number itself; it is worked out from its words.",
)
TERM = BotSentence(
    "{number}. {label} {value}{unit}（{when}第{page}页）",
    "{number}. {label} {value}{unit} ({when}page {page})",
)
TERM_YEAR = BotSentence("{year}年，", "{year}, ")
NO_NUMBERS_TO_ADD = BotSentence(
    "刚才的几段原文里没有可以放在一起算的数字。{hotlines}。",
    "The last passages do not give numbers that can be put together. {hotlines}.",
)
NUMBERS_OF_TWO_KINDS = BotSentence(
    "刚才几段原文里的数字说的不是同一种东西，不能放在一起算。{hotlines}。",
    "The numbers of the last passages are not of one kind and cannot be put together. {hotlines}.",
)
INCREASE = BotSentence("增加", "up by")
DECREASE = BotSentence("减少", "down by")
# In English the plan's words are marked as such, and each line of the bot's own stands apart from them.
HEADLINE = BotSentence("{headline}。", "The plan says (in Chinese):\n{headline}。")
# Of a review of the last years: in front of the plan's words, and of what they mean, stands of when they are.
OF_THEN = BotSentence("到{year}年：{headline}", "By {year}: {headline}")
PLAIN_WORDS = BotSentence(
    "大白话：{plain}（工作人员的解释，不是规划的话）",
    "In plain words (in Chinese; explained by staff, not the plan's words): {plain}",
)
PLAIN_WORDS_OF_THEN = BotSentence(
    "大白话（说的是 {year} 年）：{plain}（工作人员的解释，不是规划的话）",
    "In plain words (of {year}; in Chinese; explained by staff, not the plan's words): {plain}",
)
NEXT_STEP = BotSentence("下一步：{name} {url}", "Next step: {name} {url}")
TERM_LINE = BotSentence(
    "“{term}”：{means}（工作人员的解释，不是规划的话；来源：{source}）",
    "“{term}” (in Chinese; explained by staff, not the plan's words): {means}. Source: {source}",
)
TERM_LINE_BESIDE_ITS_NAME = BotSentence(  # for whoever asks in English, where staff gave it a name there
    "“{term}”（{name}）：{means}（工作人员的解释，不是规划的话；来源：{source}）",
    "{name} (“{term}”), explained by staff, not the plan's words: {means}. Source (in Chinese): {source}",
)
UNEXPLAINED = BotSentence(
    "规划里没有解释“{term}”是什么意思；下面是规划里最相近的一句。",
    "The plan does not explain what “{term}” means; below is its closest sentence.",
)
QUOTE = BotSentence("原文：“{quote}”", "In full (in Chinese): “{quote}”")
SOURCE_LINE = BotSentence("出处：{document}{place}，第{page}页", "Source: the plan {document}, {place}, page {page}")
LEAD_LINE = BotSentence("规划写明，{lead}。", "The plan names who is in charge (in Chinese): {lead}")
INDICATOR_LINE = BotSentence(
    "主要指标“{label}”：{year}年目标{before} {amount}{after}。",
    "Main indicator “{label}”: the target for {year} is {before} {amount}{after}.",
)
BASELINE_LINE = BotSentence("{year}年：{label} {value}{unit}", "In {year}: {label} {value}{unit}")
FIGURE_OF = BotSentence("这是到 {year} 年为止的数字。", "This is the figure as of {year}.")
TARGET_OF = BotSentence("这是到 {year} 年的目标。", "This is the target for {year}.")
TARGET_BESIDE = BotSentence(
    "规划的目标：到 {year} 年，{label} {value}{unit}（第{page}页）。",
    "The plan's target for {year}: {label} {value}{unit} (page {page}).",
)
PROGRESS_TARGET = BotSentence("规划目标 {value} · ", "The plan's target {value} · ")
PROGRESS_LINE = BotSentence(
    "{target}最新公布（{date}，来源：{source}）：{latest}　{url}",
    "{target}Published since ({date}, source: {source}): {latest}　{url}",
)
PROGRESS_STATES = {
    "planned": BotSentence("尚未开始", "not begun"),
    "under_way": BotSentence("推进中", "under way"),
    "reached": BotSentence("已完成", "reached"),
    "missed": BotSentence("未达到", "missed"),
}
PERIOD_ENDED = BotSentence(
    "规划期为 {first}—{last} 年，现已结束。以上是规划当时写的目标，不代表已经完成；实际进展请以政府公布为准。",
    "The plan was for {first}–{last}, which is over. These are the aims it stated at the time, not what has been done; for that, please go by what the government publishes.",
)
PERIOD_ENDED_AGAIN = BotSentence(
    "以上是规划当时的目标，不代表已经完成。", "These are the plan's aims at the time, not what has been done."
)
ALSO_ASK = BotSentence("您还可以问：", "You can also ask (in Chinese):")
NO_DATE = BotSentence(
    "规划的这一段没有写明具体时间（规划期为 {first}—{last} 年）。{hotlines}。",
    "This passage of the plan gives no date (the plan was for {first}–{last}). {hotlines}.",
)
NO_NUMBER = BotSentence(
    "规划的这一段没有写您问的这个数字。{hotlines}。",
    "This passage of the plan does not give the number you ask for. {hotlines}.",
)
NO_PRICE = BotSentence(
    "规划的这一段没有写多少钱。{hotlines}。", "This passage of the plan does not say what it costs. {hotlines}."
)
NO_BASELINE = BotSentence(
    "规划里没有写这一项原来的数字。{hotlines}。", "The plan does not say what this number was before. {hotlines}."
)
NO_PLACE = BotSentence(
    "规划的这一段没有单独写{place}。{hotlines}。",
    "This passage of the plan does not speak of {place} by itself. {hotlines}.",
)
PLACE_MEANT = BotSentence("您说的地方", "the place you mean")
NO_MORE = BotSentence("这方面规划里就写了这些。", "This is all that the plan says about it.")
NO_CONTEXT = BotSentence(
    "您指的是哪件事呢？请把想问的内容说完整一些，比如“养老机构床位有多少”。",
    "What do you mean? Please put it in a whole question, such as “How many beds in nursing homes?”",
)
LISTENING = BotSentence(
    "您慢慢说，我在听。想问规划里的哪一件事，直接说就行。",
    "Take your time, I am listening. Whatever you would like to know from the plan, just ask.",
)
DENIED = BotSentence(
    "对不起，刚才没找对。您想问的是不是这里面的一件？",
    "Sorry, that was not it. Did you mean one of these (in Chinese)?",
)
DENIED_BARE = BotSentence(
    "对不起，刚才没找对。请换个说法，或者说得具体一点，我再找一次。",
    "Sorry, that was not it. Please put it in other words, or say a little more, and I will look again.",
)
MEANT = BotSentence("好的，您问的是“{text}”。", "All right, you mean “{text}”.")
IN_PLAIN_WORDS = BotSentence("好的，说得简单一点：", "In other words:")
NOTHING_PLAINER = BotSentence(
    "这一句我只有规划的原话，没有更平常的说法，不能替它改。想找人解释，回复“人工”。",
    "Of this I only have the plan's own words and nothing plainer, and cannot change them. To have a person explain it, reply “人工” (“a person”).",
)
NO_PROGRESS = BotSentence(
    "规划写的是 {first}—{last} 年要做的，没有写现在做到了没有；工作人员也还没有在这里记下这一条的进展。{hotlines}。",
    "The plan says what was to be done in {first}–{last}, not whether it was; and staff have recorded no progress of this here. {hotlines}.",
)
PROGRESS_BELOW = BotSentence(
    "规划写的是 {first}—{last} 年要做的，没有写现在做到了没有；后来公布的进展写在下面。",
    "The plan says what was to be done in {first}–{last}, not whether it was; what was published since stands below.",
)
AIM = BotSentence("规划当时写的：{headline}", "The plan's aim then: {headline}")  # of what is asked to be done or not
PLAN_DONE = BotSentence(
    "我这里只有{document}的原文，写的是 {first}—{last} 年要做的{over}；每一件现在做到了没有，规划里没有写。{recorded}{hotlines}。",
    "I only have the plan {document}: what was to be done in {first}–{last}{over}. Whether each thing was done, it does not say. {recorded}{hotlines}.",
)
PLAN_OVER = BotSentence("，规划期已经结束", ", which is over")
PROGRESS_RECORDED = BotSentence(
    "工作人员在这里记下了 {count} 条公布的进展（最近的是 {date}），问到那一件时会一起告诉您。",
    "Staff have recorded {count} published figures on progress here (the latest of {date}); you are told with the answer on each. ",
)
PROGRESS_UNRECORDED = BotSentence("工作人员还没有在这里记下进展。", "Staff have recorded no progress here yet. ")
NEXT_PLAN = BotSentence(
    "我这里只有{document}（{first}—{last} 年），没有“{next_plan}”（下一个五年）的规划，不能替它回答。{hotlines}。",
    "I only have the plan {document} ({first}–{last}), not the next one (“{next_plan}”), and cannot answer for it. {hotlines}.",
)
THIS_PLAN_SAID = BotSentence(
    "这一份规划（{first}—{last} 年）写过的，可以点开或直接问：",
    "What this plan ({first}–{last}) said of it (in Chinese; choose one or just ask):",
)
REPEATED = BotSentence("好的，再说一遍：", "Once more:")
# What a reply that quotes nothing comes to, by its outcome: to whoever did not understand it.
PLAINER = {
    "not_in_plan": BotSentence(
        "简单说：您问的这件事，这份规划里没有写，所以我答不了。打 12345，有人会告诉您。",
        "In short: this plan says nothing about what you ask, so I cannot answer it. Call 12345, where people can tell you.",
    ),
    "out_of_scope": BotSentence(
        "简单说：我只能查这份规划里写了什么，您问的不是里面的事。换一件养老、托育、上学或者住房的事问我就行；别的事请打 12345。",
        "In short: I can only look up what this plan says, and it is not about that. Ask me about care for the elderly, childcare, schools or housing; for anything else call 12345.",
    ),
    "clarify": BotSentence(
        "简单说：我没听准您问的是哪一件。下面哪一件是您想问的，点它，或者回它的数字就行。",
        "In short: I am not sure which of these you mean. Choose one, or reply with its number.",
    ),
    "handoff": BotSentence(
        "简单说：您的事已经记下了，工作人员会看，您不用再说一遍。着急就打 12345。",
        "In short: what you said is noted, and staff will look at it; you need not say it again. If it is urgent, call 12345.",
    ),
}
ERROR = BotSentence(
    "对不起，刚才没能查到答案，不是您的问题。您的问题已经记下，请稍后再问一次，或拨打 12345。",
    "Sorry, no answer could be found just now; it is no fault of yours. Your question has been noted. Please ask again later, or call 12345.",
)
PAUSED = BotSentence(
    "{notice}。现在暂停自动回答，您的问题已经记下；着急的事请拨打 12345 市民服务热线。",
    "{notice}. Automatic answers are paused for now, and your question has been noted; if it is urgent, please call 12345, the citizens' hotline.",
)
TOO_LONG = BotSentence(
    "您的消息有 {length} 个字，超过了 {limit} 字的上限，我没法一次读完。请缩短到 {limit} 字以内再发。",
    "Your message has {length} characters, more than the {limit} that I can read at once. Please shorten it to {limit} at most and send it again.",
)
LIST_TITLE = BotSentence(
    "{document}在“{subject}”方面写了这些：", "This is what the plan {document} says about “{subject}” (in Chinese):"
)
LIST_OF_PLACE = BotSentence(
    "写到{places}的排在前面：第 {numbers} 条；其余的没有单独写。",
    "What speaks of {places} comes first: number {numbers}; the others do not speak of it by itself.",
)
LIST_NOT_OF_PLACE = BotSentence(
    "规划在下面这些里没有单独写{places}。{hotlines}。",
    "In what is listed below the plan does not speak of {places} by itself. {hotlines}.",
)
LIST_PLACE = BotSentence("【{place}】", "[{place}]")
LIST_ITEM = BotSentence("{number}. {headline}（第{page}页）", "{number}. {headline} (page {page})")
LIST_MORE = BotSentence(
    "还有 {count} 项，回复“还有呢”继续看。", "There are {count} more; reply “还有呢” (“more”) to go on."
)
LIST_CHOICE = BotSentence("“{subject}”方面都写了什么", "All that it says about “{subject}”")
LIST_PAYLOAD = "{subject}方面有哪些安排"  # what the choice asks: read by the bot, whatever the resident's language
NONE_PAYLOAD = NONE_OF_THESE.zh
TOLD_TO_REPLY = ("还有呢", "人工")  # Chinese that an English sentence asks for: who writes it has not changed languages
REGISTER_CHOICE = BotSentence("登记给工作人员", "Leave it with the staff")
REGISTER_PAYLOAD = "转人工"
LIST_END = BotSentence("这方面就是这些。", "This is all.")
REGISTERED_BEFORE = BotSentence(
    "已经登记过了，编号还是 {reference}，您刚才说的工作人员也看得到。想知道到哪一步了，把编号发给我就行。着急的话请直接拨打 12345 市民服务热线。",
    "It is registered already under {reference}; staff will read what you just said too. Send me the number at any time to hear how it stands. If it is urgent, please call 12345, the citizens' hotline.",
)
HANDOFF = BotSentence(
    "好的，已为您登记，编号 {reference}。",
    "Your request is registered, reference number {reference}.",
)
SUGGESTION = BotSentence(
    "谢谢您的建议，已经登记，编号 {reference}。",
    "Thank you for the suggestion. It is registered, reference number {reference}.",
)
COMPLAINT = BotSentence(
    "您反映的情况已经登记，编号 {reference}。",
    "What you report is registered, reference number {reference}.",
)
# What follows the number: by when, and where else to turn.
REGISTERED_REPLY = BotSentence(
    "工作人员会看，预计 {days} 个工作日内（{day}前）有答复。想知道到哪一步了，把编号发给我就行。如果着急，请直接拨打 12345 市民服务热线。",
    "Staff will look at it; a reply is expected within {days} working days (by {day}). Send me the number at any time to hear how it stands. If it is urgent, please call 12345, the citizens' hotline.",
)
REGISTERED_UNDATED = BotSentence(
    "工作人员会看。想知道到哪一步了，把编号发给我就行。如果着急，请直接拨打 12345 市民服务热线。",
    "Staff will look at it. Send me the number at any time to hear how it stands. If it is urgent, please call 12345, the citizens' hotline.",
)
# How what is registered stands, to whoever asks.
STANDING = BotSentence("编号 {reference}，{day}登记：", "{reference}, registered on {day}:")
STANDINGS = {
    "open": BotSentence("等工作人员查看。", "waiting for staff to look at it."),
    "in_progress": BotSentence("工作人员正在处理。", "staff are dealing with it."),
    "done": BotSentence("已经处理完。", "it has been dealt with."),
}
REPLY_EXPECTED = BotSentence("预计{day}前有答复。", "A reply is expected by {day}.")
REPLY_OVERDUE = BotSentence(
    "本来预计{day}前有答复，现在过了，对不起；着急请打 12345。",
    "A reply was expected by {day}, which has passed; we are sorry. If it is urgent, call 12345.",
)
STANDING_TEXT = BotSentence("您登记的是“{text}”。", "You registered: “{text}”.")
NO_SUCH_REQUEST = BotSentence(
    "没有查到编号 {reference}。请看看写对没有；对话删除以后，编号也作废。着急的事请打 12345。",
    "There is no {reference}. Please check the number; it is void once the conversation was deleted. If it is urgent, call 12345.",
)
WHICH_NUMBER = BotSentence(
    "请把登记时给您的编号发给我，QP 开头的，我就能查到哪一步了。编号找不到了，请打 12345。",
    "Please send me the reference number that you were given, which begins with QP. If you have lost it, call 12345.",
)
TRIED_TOO_OFTEN = BotSentence(
    "查得太多了，请过 {minutes} 分钟再查。着急的事请打 12345。",
    "Too many numbers were looked up; try again in {minutes} min. If it is urgent, call 12345.",
)
BOOK_CLOSED = BotSentence(
    "登记暂时查不了，请稍后再试。着急的事请打 12345。",
    "Requests cannot be looked up right now; please try again later. If it is urgent, call 12345.",
)

ASPECTS = {
    "how_to_apply": BotSentence("怎么申请办理", "how to apply"),
    "documents": BotSentence("要带哪些材料", "which papers are needed"),
    "fee": BotSentence("收费多少", "what it costs"),
    "phone": BotSentence("联系电话", "a telephone number for it"),
    "address": BotSentence("具体地址", "an address"),
    "opening_hours": BotSentence("开放时间", "the opening hours"),
    "exact_date": BotSentence("具体日期", "an exact date"),
    "personal_case": BotSentence("个人的具体情况", "what holds in one person's own case"),
    "other_district": BotSentence("其他地区的情况", "how it is elsewhere"),
    "eligibility": BotSentence("个人要符合什么条件", "who is eligible"),
    "current_status": BotSentence("目前的实际情况", "how things stand now"),
    "person_in_charge": BotSentence("具体由谁负责", "who is in charge"),
    "figure": BotSentence("这个具体数字", "this number"),
}
ASPECT_NAMES = {name: each.zh for name, each in ASPECTS.items()}  # as staff see them
STATE_NAMES = {name: each.zh for name, each in PROGRESS_STATES.items()}

# What the plan writes beside a number; where it is missing here, its Chinese stays.
QUALIFIERS = {
    "左右": "about",
    "累计左右": "in all about",
    "累计": "in all",
    "以上": "at least",
    "不少于": "at least",
    "以下": "at most",
    "约": "about",
    "超": "more than",
    "超过": "more than",
}

CHAT = {
    "greet": BotSentence(
        "您好！我是青浦民生问答。我可以帮您查{document}里关于养老、托育、上学、住房等方面的原文，请直接问。",
        "Hello! I am Ask Qingpu. I look up what the plan {document} says about care for the elderly, childcare, schools, housing and other public services. Just ask.",
    ),
    "thanks": BotSentence(
        "不客气！还想了解什么，请接着问。", "You are welcome! Whatever else you would like to know, just ask."
    ),
    "goodbye": BotSentence("再见，祝您一切都好！", "Goodbye, and all the best!"),
    "help": BotSentence(
        "您用平常说话的方式问就行，比如“养老院以后有多少床位”“老小区能装电梯吗”。我会把{document}的原文和页码找给您；规划没写的，我会直说。想找人工，回复“人工”。",
        "Just ask in your own words, such as “How many beds will nursing homes have?” I find the passage of the plan {document} and its page, in Chinese as it was published; what the plan does not say, I say so. To reach a person, reply “人工” (“a person”).",
    ),
    "identity": BotSentence(
        "我是青浦民生问答，一个自动查询程序，不是真人。我只从{document}里找原文回答，不会自己编内容。想找工作人员，回复“人工”。",
        "I am Ask Qingpu, an automatic service and not a person. I answer only with passages of the plan {document} and make nothing up. To reach staff, reply “人工” (“a person”).",
    ),
}
# Several documents: which one answers, and what another one says or does not say of the same.
EARLIER_FIGURE = BotSentence("{which}：{label}{amount}，第 {page} 页。", "{which}: {label} {amount}, page {page}.")
EARLIER_CHANGE = BotSentence(
    "这一份 {new}{unit}（第 {page} 页），{which} {old}{unit}（第 {old_page} 页），{direction} {difference}{unit}，照两段原文算的。",
    " This one {new}{unit} (page {page}). {which} {old}{unit} (page {old_page}): {direction} {difference}{unit}, worked out from both passages.",
)
EARLIER_SAID = BotSentence(
    "{which}也写了：“{headline}”，第 {page} 页。", "{which} also says (in Chinese): “{headline}”, page {page}."
)
PREVIOUS_PLAN = BotSentence("上一个规划", "The plan before it")
ENDED_DOCUMENT = BotSentence("已经结束的{document}", "{document}, which is over,")
ONLY_ENDED = BotSentence(
    "现行的{current}里没有找到这一点；下面是已经结束的{document}写的，现在可能变了。",
    "The document in force, {current}, was not found to say this; below is what {document} says, which is over: it may have changed.",
)
CLOSEST_IN_FORCE = BotSentence(
    "现行的{current}里最相近的一句是“{headline}”（第 {page} 页），不一定就是您问的；下面是已经结束的{document}写的，现在可能变了。",
    "In the document in force, {current}, what comes closest is (in Chinese) “{headline}” (page {page}), which may not be what you ask; below is what {document} says, which is over: it may have changed.",
)
ENDED_LIST = BotSentence(
    "下面是已经结束的{document}写的；现行的是{current}，可以一件一件问它怎么写。",
    "The list below is of {document}, which is over; {current} is in force and can be asked thing by thing.",
)
ALSO_SEARCHED = BotSentence("也查过{documents}，没有找到。", "{documents} was searched as well, and it was not found.")
DOCUMENT_HERE = BotSentence(
    "这里有{document}{years}。您想问其中的哪一件事？", "{document}{years} is here. What would you like to know of it?"
)
DOCUMENT_YEARS = BotSentence("（{first}—{last} 年）", " ({first}–{last})")
