"""Every number that the product tells operators, by its Prometheus name.

All of them stand here, so that `deploy/monitoring/` can be held against them. A label's values come from short lists
that the code writes (a channel, an outcome, a route), never from what somebody sent: a series costs memory, and a
session or a word in it would be kept by whoever keeps the numbers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, Info

# Steps of at most a half: a quantile that Prometheus reads from the buckets is off by less than that, around a second
# by a quarter. The last one is beyond every deadline.
TURN_BUCKETS_S = (
    *(0.005, 0.0075, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4),
    *(0.5, 0.6, 0.8, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 30.0),
)
STAGE_BUCKETS_S = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)

# every process
BUILD = Info("ask_qingpu_build", "The product's version, and which process this is")
READY = Gauge("ask_qingpu_ready", "1: what this process is for works now")
RELEASE = Info("ask_qingpu_release", "The release that serves in this process")
HTTP_RESPONSES = Counter("ask_qingpu_http_responses", "HTTP responses", ["method", "route", "status"])
LOG_LINES = Counter("ask_qingpu_log_lines", "Lines of the process's log from warnings on", ["level"])
CORRECTIONS = Gauge("ask_qingpu_corrections", "Published corrections that this process has read", ["kind"])
CORRECTIONS_VERSION = Gauge(
    "ask_qingpu_corrections_version",
    "A checksum of the published corrections: the same number in every process that has read the same",
)

# the bot
TURNS = Counter("ask_qingpu_turns", "Turns answered", ["channel", "outcome"])
TURN_SECONDS = Histogram(
    "ask_qingpu_turn_seconds", "From a message's arrival to its reply", ["channel"], buckets=TURN_BUCKETS_S
)
TURNS_IN_FLIGHT = Gauge("ask_qingpu_turns_in_flight", "Turns that run now", ["channel"])
TURNS_IN_FLIGHT_LIMIT = Gauge("ask_qingpu_turns_in_flight_limit", "Turns of web and REST that may run at once")
STAGE_SECONDS = Histogram(
    "ask_qingpu_stage_seconds",
    "Parts of a turn: normalise and encode in the bot, find and compose in the action server",
    ["stage"],
    buckets=STAGE_BUCKETS_S,
)
DANGER_TOLD = Counter(
    "ask_qingpu_danger_told", "Cases of acute danger that staff were, or were not, told of", ["result"]
)
UNCONFIRMED_EVENTS = Counter("ask_qingpu_unconfirmed_events", "Events that RabbitMQ had not confirmed in time")

# whoever writes the log of conversations: the bot, or the consumer where turns pass a queue
LOGGED_TURNS = Counter("ask_qingpu_logged_turns", "Turns written to the log of conversations")
LOG_WRITE_FAILURES = Counter("ask_qingpu_log_write_failures", "What the log of conversations did not take", ["what"])
QUEUE_EVENTS = Gauge(
    "ask_qingpu_queue_events", "Events in RabbitMQ's queue; `taken`: of turns that are not whole yet", ["state"]
)

# the action server
ANSWERS = Counter("ask_qingpu_answers", "Answers of the dialogue", ["outcome", "step"])
REMEMBERED = Counter(
    "ask_qingpu_remembered",
    "Turns that lean on nothing before, by whether the same words had been answered",
    ["result"],
)

# the console
JOBS = Gauge("ask_qingpu_jobs", "Trainings and evaluations by their state", ["kind", "status"])
JOB_PROGRESS = Gauge("ask_qingpu_job_progress", "How far the job under way is, 0 to 1; 0 where none is")
JOB_ENDED = Gauge("ask_qingpu_job_last_success_timestamp_seconds", "When a job last came to its end", ["kind"])
OPEN_REQUESTS = Gauge("ask_qingpu_open_requests", "Registered requests that wait for staff")
OWED_REPLIES = Gauge("ask_qingpu_owed_replies", "WeChat messages whose answer has not left yet")

NOWHERE = "none"  # the route of an address that is not there
LOGGED = ("turn", "request", "contact", "vote")  # of LOG_WRITE_FAILURES
for _what in LOGGED:
    LOG_WRITE_FAILURES.labels(_what)  # a series that begins with its first failure has no rate


def count_response(method: str, route: str, status: int) -> None:
    """An HTTP response of a route, as the code writes it; of no route, methods are whatever somebody sent."""
    HTTP_RESPONSES.labels("" if route == NOWHERE else method, route, str(status)).inc()


@contextmanager
def in_flight(channel: str) -> Iterator[None]:
    """A turn of a channel, for as long as it runs."""
    running, started = TURNS_IN_FLIGHT.labels(channel), time.perf_counter()
    running.inc()
    try:
        yield
    finally:
        running.dec()
        TURN_SECONDS.labels(channel).observe(time.perf_counter() - started)


def seconds_of_stages(stages_ms: dict[str, float]) -> None:
    """The milliseconds of each stage, by name."""
    for stage, took_ms in stages_ms.items():
        STAGE_SECONDS.labels(stage).observe(took_ms / 1000)
