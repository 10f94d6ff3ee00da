"""The bot, the action server and the ways in which residents reach them."""

from __future__ import annotations

import logging
from pathlib import Path

from settings.kinds import ADDRESS, FILE, LEVEL, ORIGINS, PORT, SWITCH, TEXT, WORD, number, whole
from settings.setting import Setting

BOT_HOST = Setting(
    *("BOT_HOST", WORD, "127.0.0.1"),
    "机器人在哪个网络接口上听；对外请在前面放反向代理",
    "interface on which the bot listens; put a reverse proxy before it for the public",
    ("backups", "bot", "demo", "review"),
)
BOT_PORT = Setting(
    *("BOT_PORT", PORT, 5005), "机器人的端口", "the bot's port", ("backups", "bot", "demo", "knowledge", "review")
)
BOT_ENDPOINTS = Setting(
    *("BOT_ENDPOINTS", FILE, Path("endpoints.yml")),
    "邻居都在哪里；多个进程用 deploy/endpoints-scaled.yml",
    "where its neighbours are; deploy/endpoints-scaled.yml for many processes",
    ("bot",),
)
BOT_MODEL = Setting(
    *("BOT_MODEL", WORD, ""),
    "用哪个训练好的模型；设了就不跟随版本切换",
    "the trained model; if set, releases are not followed",
    ("bot", "evaluation", "releases"),
    unset="在用的版本，没有则 the release that serves, else models/ask-qingpu.tar.gz",
)
TURN_DEADLINE_S = Setting(
    *("TURN_DEADLINE_S", number(1), 8.0),  # a resident who has waited so long is told that it failed
    "一轮最多几秒：到时给 `error` 答复，问题留给工作人员；只为很慢的机器才改",
    "seconds after which a turn ends with the `error` answer, the question kept for staff; for slow machines only",
    ("bot",),
)
DRAIN_S = Setting(
    *("DRAIN_S", number(0), 0.0),  # one process alone has nobody who would take over meanwhile
    "收到 SIGTERM 以后再答几秒才停，就绪状态先变 503：代理后面有几个机器人时设成 5，更新时不丢一句",
    "seconds for which a bot still answers after SIGTERM, not ready any more: 5 where several stand behind a proxy",
    ("bot",),
)
STUCK_AFTER_S = Setting(
    *("STUCK_AFTER_S", number(1), 8.0),  # as long as a turn may take: all residents of this process wait meanwhile
    "一个进程停在一处多少秒就结束它，由看住它的（`make run`、systemd）重新启动；只为很慢的机器才改",
    "seconds after which a process that stands still is ended, to be started again by whoever runs it; for slow machines only",
    ("actions", "bot", "conversations"),
)
UNDERWAY_DIR = Setting(
    *("UNDERWAY_DIR", FILE, Path("var/underway")),
    "各进程记着正在答哪一句（只有加密哈希）：两次弄死进程的那一句不再试",
    "folder in which processes note what they are at, keyed hashes only: what ended its process twice is not tried again",
    ("wire",),
)
TURNS_IN_FLIGHT_COUNT = Setting(
    *("TURNS_IN_FLIGHT_COUNT", whole(1), 64),  # a second's worth on the reference machine (docs/performance.md)
    "网页和 REST 同时最多答几句；再多的得到 429，稍后再来；每个进程各算各的",
    "turns of the web and REST channels that run at once; further ones get 429; each process counts by itself",
    ("bot",),
)
DANGER_WEBHOOK_URL = Setting(
    *("DANGER_WEBHOOK_URL", ADDRESS, ""),
    "有居民遇到危险时马上通知哪里，见 docs/danger.md",
    "address that is told of acute danger at once, see docs/danger.md",
    ("bot",),
)
ACTIONS_HOST = Setting(
    *("ACTIONS_HOST", WORD, "127.0.0.1"),
    "动作服务在哪个网络接口上听；绝不要对外",
    "interface on which the action server listens; never expose it",
    ("actions", "backups", "bot"),
)
ACTIONS_PORT = Setting(
    "ACTIONS_PORT", PORT, 5055, "动作服务的端口", "the action server's port", ("actions", "backups", "bot")
)
ACTIONS_TOKEN = Setting(
    *("ACTIONS_TOKEN", TEXT, ""),
    "动作服务只答带它来的请求；动作服务在另一台机器上时，两边设成一样",
    "the action server answers requests that bear it only; to be the same on both machines, if there are two",
    ("bot", "wire"),
    unset="文件 the file `ACTIONS_TOKEN_FILE`",
    secret=True,
)
ACTIONS_TOKEN_FILE = Setting(
    *("ACTIONS_TOKEN_FILE", FILE, Path("var/actions.token")),
    "它的文件；首次自动生成，仅本人可读",
    "its file, made once, readable by its owner only",
    ("wire",),
)
LOG_LEVEL = Setting(
    *("LOG_LEVEL", LEVEL, logging.INFO),
    "写多少日志",
    "how much is logged",
    ("monitor",),
    unset="`INFO`",
)

WEB_ORIGINS = Setting[frozenset[str]](
    *("WEB_ORIGINS", ORIGINS, frozenset()),
    "哪些网站的页面可以用网页组件；机器人自己的页面总是可以",
    "origins whose pages may use the widget; the bot's own pages always may",
    ("bot",),
)
WEB_MESSAGES_PER_MINUTE = Setting(
    *("WEB_MESSAGES_PER_MINUTE", whole(1), 20),
    "一个会话每分钟的提问",
    "questions of one session a minute",
    ("bot",),
)
WEB_MESSAGES_PER_MINUTE_PER_ADDRESS = Setting(
    *("WEB_MESSAGES_PER_MINUTE_PER_ADDRESS", whole(1), 240),
    "一个网络地址每分钟的提问：社区中心里许多人共用一个地址",
    "questions from one network address a minute: a community centre has one for all its residents",
    ("bot",),
)
WEB_SESSIONS_PER_MINUTE_PER_ADDRESS = Setting(
    *("WEB_SESSIONS_PER_MINUTE_PER_ADDRESS", whole(1), 60),
    "一个网络地址每分钟的新会话",
    "new sessions from one network address a minute",
    ("bot",),
)
REQUEST_REPLY_DAYS = Setting(
    *("REQUEST_REPLY_DAYS", whole(0, 250), 5),
    "登记的事预计几个工作日内有答复（周末和法定假日不算，调休上班的算），登记时、查进度时告诉居民，审核台也按它标出过了期的；请设成做得到的，0 是什么都不说",
    "working days (weekends and public holidays left out, weekends that are worked for them counted) within which a reply to a request is expected: told at registration and to who looks it up, and the console marks what is later; set what can be kept, 0 says nothing",
    ("bot", "knowledge", "wire"),
)
REST_TOKEN = Setting(
    *("REST_TOKEN", TEXT, ""),
    "设了，REST 渠道只收带 `Authorization: Bearer` 和它的请求，不再按网络地址限量；至少 16 个字符",
    "if set, the REST channel takes requests with `Authorization: Bearer` and it only, and counts no addresses; at least 16 characters",
    ("bot",),
    secret=True,
)
REST_MESSAGES_PER_MINUTE = Setting(
    *("REST_MESSAGES_PER_MINUTE", whole(1), 30),
    "REST 渠道一个发送者每分钟的提问",
    "questions of one sender of the REST channel a minute",
    ("bot",),
)
REST_MESSAGES_PER_MINUTE_PER_ADDRESS = Setting(
    *("REST_MESSAGES_PER_MINUTE_PER_ADDRESS", whole(1), 240),
    "REST 渠道一个网络地址每分钟的提问；替许多居民转发的程序请用 `REST_TOKEN`",
    "questions from one network address to the REST channel a minute; a program that asks for many residents uses `REST_TOKEN`",
    ("bot",),
)
SANIC_PROXIES_COUNT = Setting(
    *("SANIC_PROXIES_COUNT", whole(0), 0),
    "机器人前面有几层反向代理；放在代理后面就要设，否则所有居民算一个地址",
    "how many reverse proxies stand before the bot; without it all residents behind one count as one address",
    ("bot", "Sanic"),
)
SANIC_REAL_IP_HEADER = Setting(
    *("SANIC_REAL_IP_HEADER", WORD, ""),
    "或者：哪个 HTTP 头里是居民的地址",
    "or the header that names the resident's address",
    ("bot", "Sanic"),
)

WECHAT_APP_ID = Setting(
    *("WECHAT_APP_ID", WORD, ""),
    "公众号的 AppID，或企业微信的 CorpID；设了就有一个账号",
    "AppID of an official account, or WeCom's CorpID; if set, there is an account",
    ("bot",),
)
WECHAT_TOKEN = Setting(
    *("WECHAT_TOKEN", WORD, ""),
    "与平台后台填的 Token 一样，3 到 32 个字母或数字",
    "the token typed into the platform's console, 3–32 letters or digits",
    ("bot",),
    secret=True,
)
WECHAT_MODE = Setting(
    *("WECHAT_MODE", WORD, "safe"),
    "明文 `plain`、兼容 `compatible`、安全 `safe`",
    "how messages are encrypted: `plain`, `compatible` or `safe`",
    ("bot",),
)
WECHAT_AES_KEY = Setting(
    *("WECHAT_AES_KEY", WORD, ""),
    "43 位 EncodingAESKey；明文模式不用",
    "EncodingAESKey, 43 characters; not needed in `plain`",
    ("bot",),
    secret=True,
)
WECHAT_APP_SECRET = Setting(
    *("WECHAT_APP_SECRET", WORD, ""),
    "AppSecret；推送答复和发布菜单要用",
    "AppSecret; needed to push answers and publish the menu",
    ("bot",),
    secret=True,
)
WECHAT_VERIFIED = Setting(
    *("WECHAT_VERIFIED", WORD, "false"),
    "`true`：认证过的账号，迟到的答复主动推送",
    "`true`: a verified account, late answers are pushed",
    ("bot",),
)
WECHAT_KIND = Setting(
    *("WECHAT_KIND", WORD, "official"),
    "公众号 `official`，企业微信 `wecom`",
    "an official account `official`, WeCom `wecom`",
    ("bot",),
)
WECHAT_AGENT_ID = Setting(
    *("WECHAT_AGENT_ID", WORD, ""),
    "只有企业微信要：应用的 AgentId",
    "WeCom only: the application's AgentId",
    ("bot",),
)
WECHAT_API_URL = Setting(
    *("WECHAT_API_URL", WORD, ""),
    "平台接口的地址；测试时换成别的",
    "the platform's API, replaced in tests",
    ("bot",),
    unset="平台自己的 the platform's own",
)
WECHAT_ACCOUNTS_FILE = Setting(
    *("WECHAT_ACCOUNTS_FILE", FILE, Path("var/wechat-accounts.yml")),
    "几个账号时写在这个文件里，见 docs/wechat.md；不设时有这个文件才读",
    "file that lists several accounts, see docs/wechat.md; unless set, it need not exist",
    ("backups", "bot"),
)

KNOWLEDGE_DIR = Setting(
    *("KNOWLEDGE_DIR", FILE, Path("var/knowledge")),
    "知识库和由它算出的东西放在哪；设了就不跟随版本切换",
    "folder of the knowledge and of what is derived from it; if set, releases are not followed",
    ("bench", "knowledge", "releases", "review"),
)
KNOWLEDGE_URL = Setting(
    *("KNOWLEDGE_URL", WORD, ""),
    "知识库的 SQLAlchemy 地址；设了就不跟随版本切换",
    "SQLAlchemy URL of the knowledge store; if set, releases are not followed",
    ("knowledge", "releases", "review"),
    unset="`KNOWLEDGE_DIR`/knowledge.sqlite",
)
ADOPT_FILE_MB = Setting(
    *("ADOPT_FILE_MB", whole(1), 50),  # a plan with its pictures; text alone takes two or three
    "`python -m knowledge adopt` 收的文件最多多大（MB）",
    "the largest file that `python -m knowledge adopt` takes, in MB",
    ("knowledge", "review"),
)
ADOPT_CPU_S = Setting(
    *("ADOPT_CPU_S", whole(1), 300),  # 100 pages take 20 to 40; character recognition some 10 a page
    "读一个文件最多用多少秒处理器时间",
    "processor time that reading a file may take, in seconds",
    ("knowledge",),
)
ADOPT_MEMORY_MB = Setting(
    *("ADOPT_MEMORY_MB", whole(256), 2048),
    "读一个文件最多用多少内存（MB）",
    "memory that reading a file may take, in MB",
    ("knowledge",),
)
PLAN_READER_URL = Setting(
    *("PLAN_READER_URL", ADDRESS, ""),
    "规划阅读器的公开地址，写在引文里",
    "public address of the plan reader, used in citations",
    ("knowledge",),
    unset="`http://127.0.0.1:BOT_PORT/plan`",
)
SERVICES_URL = Setting(
    *("SERVICES_URL", ADDRESS, "https://zwdt.sh.gov.cn"),
    "居民办事的网站（随申办·一网通办）：答复里说到“随申办”时，下面有打开它的链接；工作人员写了给所有答复的“下一步”，就用那个",
    "the city's services online: linked under an answer that sends residents to its app, unless staff gave a next step for all answers",
    ("actions",),
)
PROGRESS_URL = Setting(
    *("PROGRESS_URL", WORD, ""),
    "居民答复从哪个库读工作人员发布的进展和纠正（SQLAlchemy 地址）",
    "database from which answers read the progress and the corrections that staff publish (SQLAlchemy URL)",
    ("knowledge",),
    unset="`REVIEW_URL`，`CONVERSATIONS_URL`",
)
STAFF_CORRECTIONS = Setting(
    *("STAFF_CORRECTIONS", SWITCH, True),
    "`off`：不用刚批准的纠正，只看版本本身（评测）",
    "`off`: answers as the release alone gives them, without published corrections (evaluation)",
    ("evaluation", "knowledge", "review"),
    unset="`on`",
)
RELEASES_DIR = Setting(
    *("RELEASES_DIR", FILE, Path("var/releases")),
    "留着的版本；几台机器要共用这个文件夹",
    "the shelf of releases; machines share the folder",
    ("releases",),
)
DOCUMENTS_DIR = Setting(
    *("DOCUMENTS_DIR", FILE, Path("var/documents")),
    "书架：同在用的规划一起回答的文件，各有自己的库；几台机器要共用这个文件夹",
    "the shelf: documents that answer beside the plan in use, each with a store of its own; machines share the folder",
    ("backups", "knowledge"),
)
