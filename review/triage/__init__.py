"""From the log to the inbox: which turns are worth a person's time, and why; and the counts of the dashboard."""
