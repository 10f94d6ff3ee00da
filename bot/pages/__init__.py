"""The pages that stand at the bot's root: the demonstration, the plan reader, and the widget's files."""
