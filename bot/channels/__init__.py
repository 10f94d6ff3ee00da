"""How residents reach the bot."""
