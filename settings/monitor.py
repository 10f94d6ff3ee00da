"""What operators see of the processes: numbers and lines of the log."""

from __future__ import annotations

from settings.kinds import PORT, TEXT, WORD, one_of
from settings.setting import Setting

TEXT_LINES, JSON_LINES = "text", "json"

LOG_FORMAT = Setting(
    *("LOG_FORMAT", one_of(TEXT_LINES, JSON_LINES), TEXT_LINES),
    "日志写成给人读的文字，还是一行一个 JSON 给收集日志的程序",
    "lines for people, or one JSON object a line for whatever collects logs",
    ("monitor",),
)
METRICS_TOKEN = Setting(
    *("METRICS_TOKEN", TEXT, ""),
    "设了，各进程的 /metrics 只给带 `Authorization: Bearer` 和它的请求；不设，只给本机、不经代理的程序",
    "if set, /metrics of each process answers requests with `Authorization: Bearer` and it only; else programs of this machine, past no proxy",
    ("monitor",),
    secret=True,
)
CONSUMER_HOST = Setting(
    *("CONSUMER_HOST", WORD, "127.0.0.1"),
    "写会话库的消费者在哪个网络接口上给监控看（/health、/metrics）",
    "interface on which the consumer that writes the log shows /health and /metrics",
    ("conversations",),
)
CONSUMER_PORT = Setting(
    *("CONSUMER_PORT", PORT, 5090),
    "消费者的端口；被占了也照样写会话库，只是没有监控",
    "the consumer's port; if it is taken, the log is written all the same, unwatched",
    ("conversations",),
)
