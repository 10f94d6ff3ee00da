"""Several documents answer: which are open, which one a turn names, which one's reply is given, what stands beside it."""
