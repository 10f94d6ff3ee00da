"""The log of conversations, and what many processes share."""

from __future__ import annotations

from pathlib import Path

from settings.kinds import DATABASE, FILE, PORT, SWITCH, TEXT, WORD, whole
from settings.setting import Setting

CONVERSATIONS_URL = Setting(
    *("CONVERSATIONS_URL", DATABASE, "sqlite:///var/conversations.sqlite"),
    "会话库；多个进程时用 postgresql+psycopg2://…",
    "the log's database; postgresql+psycopg2://… at scale",
    ("backups", "bench", "conversations", "knowledge", "review"),
)
CONVERSATIONS_SPOOL = Setting(
    *("CONVERSATIONS_SPOOL", FILE, Path("var/conversations.spool")),
    "会话库写不了时，问答先存在这个文件里，以后按次序补写；每台机器各有一个",
    "file that keeps turns while the log cannot be written, in order, to be written later; each machine has its own",
    ("conversations",),
    unset="会话库文件旁边 beside the log's file，`var/conversations.spool`",
)
CONVERSATIONS_SPOOL_MB = Setting(
    *("CONVERSATIONS_SPOOL_MB", whole(1), 32),  # a turn takes about 8 KB: four thousand of them
    "这个文件多大（MB）：启动时就占好，磁盘满了也写得进",
    "its size in MB, taken on the disk at the start, so that there is room also when the disk is full",
    ("conversations",),
)
CONVERSATIONS_KEEP_DAYS = Setting(
    *("CONVERSATIONS_KEEP_DAYS", whole(1), 180),
    "多少天后删除文字",
    "days after which words are erased",
    ("bot",),
)
CONVERSATIONS_SECRET = Setting(
    *("CONVERSATIONS_SECRET", TEXT, ""),
    "哈希和加密的密钥，至少 16 个字符，太弱的不收；换法见 docs/conversations.md",
    "key of hashes and seals, at least 16 characters, weak ones are refused; how to replace it: docs/conversations.md",
    ("backups", "conversations", "review"),
    unset="文件 the file `CONVERSATIONS_SECRET_FILE`",
    secret=True,
)
CONVERSATIONS_OLD_SECRETS = Setting(
    *("CONVERSATIONS_OLD_SECRETS", TEXT, ""),
    "以前的密钥，用逗号分开，新的在前：只用来打开以前封的；密钥在文件里时不用它",
    "earlier keys, separated by commas, newest first: they open what was sealed before; not needed where keys are in the file",
    ("conversations",),
    secret=True,
)
CONVERSATIONS_SECRET_FILE = Setting(
    *("CONVERSATIONS_SECRET_FILE", FILE, Path("var/conversations.secret")),
    "密钥文件，一行一个，新的在前；仅本人可读。会话库是 SQLite 时首次自动生成，否则要先放好",
    "file of the key, one a line, newest first, readable by its owner only; made once where the log is an SQLite file",
    ("backups", "conversations", "review"),
)
TRACKER_DB = Setting(
    *("TRACKER_DB", FILE, Path("var/tracker.sqlite")),
    "Rasa 对话状态库的文件",
    "file of Rasa's tracker store",
    ("backups", "bot", "conversations", "endpoints.yml"),
)
TRACKER_URL = Setting(
    *("TRACKER_URL", WORD, ""),
    "Rasa 对话状态库的 SQLAlchemy 地址，删除会话时一并删",
    "SQLAlchemy URL of Rasa's tracker store; sessions are erased there, too",
    ("backups", "conversations", "deploy/endpoints-scaled.yml"),
    unset="sqlite:///`TRACKER_DB`",
)
RABBITMQ_HOST = Setting(
    *("RABBITMQ_HOST", WORD, "127.0.0.1"),
    "RabbitMQ 在哪",
    "where RabbitMQ listens",
    ("wire", "deploy/endpoints-scaled.yml"),
)
RABBITMQ_PORT = Setting(
    *("RABBITMQ_PORT", PORT, 5672),
    "RabbitMQ 的端口",
    "RabbitMQ's port",
    ("wire",),
)
RABBITMQ_USER = Setting(
    *("RABBITMQ_USER", WORD, "guest"),
    "在 RabbitMQ 的用户名",
    "who we are at RabbitMQ",
    ("wire",),
)
RABBITMQ_PASSWORD = Setting(
    *("RABBITMQ_PASSWORD", TEXT, "guest"),
    "在 RabbitMQ 的密码",
    "the password there",
    ("wire",),
    secret=True,
)
RABBITMQ_TLS = Setting(
    *("RABBITMQ_TLS", SWITCH, False),
    "on：经 TLS 连 RabbitMQ，证书要对",
    "on: RabbitMQ is reached over TLS, and its certificate is checked",
    ("wire",),
)
RABBITMQ_CA_FILE = Setting(
    *("RABBITMQ_CA_FILE", WORD, ""),
    "签发 RabbitMQ 证书的机构（PEM 文件）",
    "who signed RabbitMQ's certificate (a PEM file)",
    ("wire",),
    unset="系统信任的 whom the system trusts",
)
REDIS_HOST = Setting(
    *("REDIS_HOST", WORD, ""),
    "Redis 在哪：多个机器人进程的锁",
    "where Redis listens: the locks of many bot processes",
    ("bot",),
)
REDIS_PORT = Setting(
    *("REDIS_PORT", PORT, 6379),
    "Redis 的端口",
    "Redis's port",
    ("bot",),
)
REDIS_USER = Setting(
    *("REDIS_USER", WORD, ""),
    "在 Redis 的用户名（ACL）；只设密码时不用",
    "who we are at Redis (ACL); not needed with a password alone",
    ("bot",),
)
REDIS_PASSWORD = Setting(
    *("REDIS_PASSWORD", TEXT, ""),
    "在 Redis 的密码",
    "the password there",
    ("bot",),
    secret=True,
)
REDIS_TLS = Setting(
    *("REDIS_TLS", SWITCH, False),
    "on：经 TLS 连 Redis，证书要对",
    "on: Redis is reached over TLS, and its certificate is checked",
    ("bot",),
)
REDIS_CA_FILE = Setting(
    *("REDIS_CA_FILE", WORD, ""),
    "签发 Redis 证书的机构（PEM 文件）",
    "who signed Redis's certificate (a PEM file)",
    ("bot",),
    unset="系统信任的 whom the system trusts",
)
