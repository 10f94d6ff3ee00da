"""How fast this bot is beside a stock Rasa bot trained on the same data. `python -m bench`; see `bench/README.md`."""
