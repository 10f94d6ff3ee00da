"""How RabbitMQ is reached, the same for the bot that publishes and for the consumer that reads."""

from __future__ import annotations

import ssl
from typing import Any

from settings.conversations import (
    RABBITMQ_CA_FILE,
    RABBITMQ_HOST,
    RABBITMQ_PASSWORD,
    RABBITMQ_PORT,
    RABBITMQ_TLS,
    RABBITMQ_USER,
)


def queue_address() -> dict[str, Any]:
    """Arguments of `aio_pika.connect_robust`. Raises `OSError` where the file of authorities cannot be read."""
    address: dict[str, Any] = {
        "host": RABBITMQ_HOST.read(),
        "port": RABBITMQ_PORT.read(),
        "login": RABBITMQ_USER.read(),
        "password": RABBITMQ_PASSWORD.read(),
    }
    if RABBITMQ_TLS.read():
        authorities = ssl.create_default_context(cafile=RABBITMQ_CA_FILE.read() or None)
        address |= {"ssl": True, "ssl_context": authorities}
    return address
