"""The platform's side of WeChat and WeCom, for people and tests that have no platform account. Imports nothing of the bot."""
