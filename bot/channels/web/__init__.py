"""The web channel: `/webhooks/web/`, what the widget and any other page of the district speaks."""

from bot.channels.web.channel import WebChannel

__all__ = ["WebChannel"]
