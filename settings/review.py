"""The review console."""

from __future__ import annotations

import re
from pathlib import Path

from settings.kinds import ADDRESS, DATABASE, FILE, PORT, SWITCH, TEXT, WORD, one_of, whole
from settings.setting import Setting

_LEAST_ROLES = ("viewer", "reviewer", "editor", "administrator")
_REQUIRED_BEFORE = {"1": "viewer", "on": "viewer", "true": "viewer", "0": "nobody", "off": "nobody", "false": "nobody"}
REVIEW_HOST = Setting(
    *("REVIEW_HOST", WORD, "127.0.0.1"),
    "审核台在哪个网络接口上听；前面放带 TLS 的反向代理",
    "interface on which the console listens; put a reverse proxy with TLS before it",
    ("backups", "bot", "review"),
)
REVIEW_PORT = Setting("REVIEW_PORT", PORT, 5080, "审核台的端口", "the console's port", ("backups", "bot", "review"))
REVIEW_PROXIES_COUNT = Setting(
    *("REVIEW_PROXIES_COUNT", whole(0), 0),
    "审核台前面有几层反向代理；设了，操作记录和登录锁定里才是真正的地址，不是代理的",
    "how many reverse proxies stand before the console; if set, its audit and its locks have the real address and not the proxy's",
    ("review",),
)
REVIEW_URL = Setting(
    *("REVIEW_URL", DATABASE, ""),
    "审核台自己的表放在哪个库（SQLAlchemy 地址）；默认在会话库旁边自己的文件里，会话库在服务器上时同一个库",
    "database of the console's own tables (SQLAlchemy URL); by default a file of its own beside the log's, on a server the log's database",
    ("backups", "knowledge", "review"),
    unset="`CONVERSATIONS_URL` 旁边 beside it: var/conversations-review.sqlite",
)
REVIEW_PUBLIC_URL = Setting(
    *("REVIEW_PUBLIC_URL", ADDRESS, ""),
    "工作人员输入的地址；https 时 Cookie 带 `Secure`",
    "address that staff type; with https the cookies are `Secure`",
    ("bot", "review"),
    unset="`http://REVIEW_HOST:REVIEW_PORT`",
)
REVIEW_BOT_URL = Setting(
    *("REVIEW_BOT_URL", ADDRESS, ""),
    "审核台在哪里试问机器人；在别的机器上才要设",
    "where the console rehearses with the bot; needed on another machine only",
    ("review",),
    unset="`http://BOT_HOST:BOT_PORT`",
)
REVIEW_SESSION_IDLE_MINUTES = Setting(
    *("REVIEW_SESSION_IDLE_MINUTES", whole(1), 30),
    "多久不点要重新登录",
    "a session without a click ends after",
    ("review",),
)
REVIEW_SESSION_HOURS = Setting(
    *("REVIEW_SESSION_HOURS", whole(1), 12),
    "总共多久后要重新登录",
    "a session ends after, clicks or not",
    ("review",),
)
REVIEW_LOCK_AFTER_TRIES = Setting(
    *("REVIEW_LOCK_AFTER_TRIES", whole(1), 5),
    "密码或验证码输错几次锁定：没登录过的浏览器按用户名合计，登录过的浏览器各算各的",
    "wrong passwords or codes that lock: strangers together for a name, each browser that signed in before for itself",
    ("review",),
    formerly=("REVIEW_LOCK_AFTER",),
)
REVIEW_LOCK_NETWORK_AFTER_TRIES = Setting(
    *("REVIEW_LOCK_NETWORK_AFTER_TRIES", whole(1), 20),
    "同一个网络（IPv4 地址，IPv6 的 /64）里没登录过的浏览器一共输错几次锁定这个网络",
    "wrong tries of all strangers in a network (an IPv4 address, a /64 of IPv6) that lock it",
    ("review",),
)
REVIEW_LOCK_MINUTES = Setting(
    *("REVIEW_LOCK_MINUTES", whole(1), 15),
    "第一次锁多久；一天之内再锁，每次加倍，最多 16 倍",
    "how long a first lock lasts; each one more within a day lasts twice as long, up to 16 times",
    ("review",),
)
NOBODY = "nobody"
REVIEW_SECOND_FACTOR_FROM = Setting(
    *("REVIEW_SECOND_FACTOR_FROM", one_of(*_LEAST_ROLES, NOBODY, older=_REQUIRED_BEFORE), "editor"),
    "从哪个角色起必须两步验证：viewer 是人人，nobody 是谁也不必；没设的人登录后先带去设",
    "from which role on a second factor is needed: viewer is everybody; who has none is led to set it up at the sign-in",
    ("review",),
    formerly=("REVIEW_REQUIRE_SECOND_FACTOR",),
)
REVIEW_TWO_PEOPLE = Setting(
    *("REVIEW_TWO_PEOPLE", SWITCH, False),
    "1：纠正和进展要另一个人批准",
    "1: corrections and progress are approved by another person than wrote them",
    ("review",),
)
REVIEW_REGRESSION_QUESTIONS = Setting(
    *("REVIEW_REGRESSION_QUESTIONS", FILE, Path("evaluation/questions.yml")),
    "纠正生效前试的固定题",
    "questions that must stay right when a correction goes live",
    ("review",),
    formerly=("REVIEW_KNOWN_QUESTIONS",),
    unset="这份代码里的 of this checkout: evaluation/questions.yml",
)
REVIEW_SOURCES = Setting(
    *("REVIEW_SOURCES", FILE, Path()),
    "导出写进哪个检出；训练也在当前文件夹",
    "checkout that corrections are exported into; training runs in the current folder",
    ("backups", "review"),
    unset="当前文件夹 the current folder",
)
REVIEW_GIT_COMMIT = Setting(
    *("REVIEW_GIT_COMMIT", SWITCH, True),
    "0：导出只写文件，提交由人来做",
    "0: the export writes the files and leaves committing them to a person",
    ("review",),
)
REVIEW_JOB_NICENESS = Setting(
    *("REVIEW_JOB_NICENESS", whole(0, 19), 10),
    "训练给居民的提问让多少路：0 不让，19 全让",
    "how far trainings stand back behind residents' turns: 0 not at all, 19 entirely",
    ("review",),
)
REVIEW_ADOPTED_DIR = Setting(
    *("REVIEW_ADOPTED_DIR", FILE, Path("var/adopted")),
    "审核台里采用的规划放在哪个文件夹：上传的文件、报告、建好的库",
    "folder of the plans adopted in the console: what was uploaded, the reports, the stores",
    ("review",),
)
REVIEW_OIDC_ISSUER = Setting(
    *("REVIEW_OIDC_ISSUER", ADDRESS, ""),
    "统一身份登录（OpenID Connect）的提供方；设了就要设下面两个",
    "sign-in through an OpenID Connect provider; if set, the next two are needed",
    ("review",),
)
REVIEW_OIDC_CLIENT_ID = Setting(
    *("REVIEW_OIDC_CLIENT_ID", TEXT, ""),
    "本系统在提供方登记的编号",
    "who the console is at the provider",
    ("review",),
)
REVIEW_OIDC_CLIENT_SECRET = Setting(
    *("REVIEW_OIDC_CLIENT_SECRET", TEXT, ""),
    "本系统在提供方登记的密钥",
    "the console's secret there",
    ("review",),
    secret=True,
)
REVIEW_OIDC_ROLE_CLAIM = Setting(
    *("REVIEW_OIDC_ROLE_CLAIM", WORD, "groups"),
    "身份令牌里哪一项是这个人的组",
    "claim of the ID token that names a person's groups",
    ("review",),
)
REVIEW_OIDC_ROLES = Setting(
    *("REVIEW_OIDC_ROLES", WORD, ""),
    "哪个组有哪个角色，例如 `qp-editors=editor,qp-staff=reviewer`",
    "which group has which role, such as `qp-editors=editor,qp-staff=reviewer`",
    ("review",),
)
REVIEW_OIDC_TRUSTS_SECOND_FACTOR = Setting(
    *("REVIEW_OIDC_TRUSTS_SECOND_FACTOR", SWITCH, True),
    "0：从统一身份来的人也要过本系统的两步验证",
    "0: who signs in through the provider passes this console's second factor as well",
    ("review",),
)
REVIEW_USER = Setting("REVIEW_USER", TEXT, "", "拍截图时用谁登录", "who signs in to take the pictures", ("scripts",))
REVIEW_PASSWORD = Setting("REVIEW_PASSWORD", TEXT, "", "他的密码", "that person's password", ("scripts",), secret=True)

_FILE_URL = re.compile(r"(sqlite(?:\+\w+)?:///)([^?]+?)((?:\.\w+)?(?:\?.*)?)")


def beside_the_log(log_url: str) -> str:
    """Where the console's own tables are by default: in a file beside the log's, on a server in the log's database.

    A log in memory, which nobody but one process sees, has them with it.
    """
    file = None if ":memory:" in log_url else _FILE_URL.fullmatch(log_url)
    return f"{file[1]}{file[2]}-review{file[3]}" if file else log_url
