"""What the counts say: the dashboard, the monthly report, charts."""
