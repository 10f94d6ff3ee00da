"""What our programs set for one another and for the libraries; nobody needs to set it by hand."""

from __future__ import annotations

from settings.kinds import SWITCH, WORD, whole
from settings.setting import Setting

PROGRESS_LINES = Setting(
    *("PROGRESS_LINES", SWITCH, False),
    "1：进度一行一条写到标准输出，给启动它的程序读",
    "1: progress goes to standard output line by line, for the program that started this one",
    ("knowledge",),
)
PROGRESS_LOG = Setting(
    *("PROGRESS_LOG", WORD, ""),
    "对人说的进度另外写进哪个文件；`make train` 写 var/training.log",
    "file to which the progress that people read is added; var/training.log in `make train`",
    ("knowledge", "training"),
)
TRAINING_LOCK_FD = Setting(
    *("TRAINING_LOCK_FD", whole(0), -1),
    "父进程已经拿着的训练锁的文件描述符",
    "descriptor of the training lock that the parent holds",
    ("training",),
    unset="没有 none",
)
REVIEW_JOB = Setting(
    *("REVIEW_JOB", WORD, ""),
    "这个进程属于审核台的哪一次训练",
    "the console's training that this process belongs to",
    ("review",),
)
OMP_NUM_THREADS = Setting(
    *("OMP_NUM_THREADS", whole(1), 1),  # more threads spin against each other on busy cores: 14 messages/s became 2
    "数学库用几个线程",
    "threads of the numerical libraries",
    ("actions", "bot", "evaluation", "review", "training", "TensorFlow", "NumPy"),
)
RASA_TELEMETRY_ENABLED = Setting(
    *("RASA_TELEMETRY_ENABLED", WORD, "false"),
    "Rasa 是否往外报用法：不报",
    "whether Rasa reports its use to its makers: no",
    ("bot", "Rasa"),
)
SANIC_BACKLOG = Setting(
    *("SANIC_BACKLOG", whole(1), 4096),  # Linux' own bound; Rasa's 100 are full after a busy second
    "机器人一时来不及接的连接，最多排几个；排不下的，对方的系统自己再试，最久隔一分钟",
    "connections that may wait until the bot takes them; whom it drops tries again after up to a minute, by itself",
    ("bot", "Rasa"),
)
TF_CPP_MIN_LOG_LEVEL = Setting(
    *("TF_CPP_MIN_LOG_LEVEL", whole(0, 3), 3),
    "TensorFlow 少说话",
    "how quiet TensorFlow is",
    ("bot", "TensorFlow"),
)
SQLALCHEMY_SILENCE_UBER_WARNING = Setting(
    *("SQLALCHEMY_SILENCE_UBER_WARNING", whole(0, 1), 1),  # Rasa's own use of SQLAlchemy 1.4
    "SQLAlchemy 不提醒升级到 2.0",
    "SQLAlchemy does not ask for 2.0",
    ("bot", "SQLAlchemy"),
)
