"""What adopting a file leaves in its folder, by name."""

from __future__ import annotations

TEXT, DOCUMENT, MENDED = "plan.txt", "document.yml", "mended"
REPORT, REPORT_DATA = "report.html", "report.json"  # for people, and for a page that shows it as its own
TABLE, LIST, STORE = "commitments.csv", "commitments.yml", "knowledge"
