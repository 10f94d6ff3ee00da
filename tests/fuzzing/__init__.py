"""Odd input by the thousand: at every address of the running bot, by docs/openapi.yml, and at the parsers."""
