"""Backups of an installation, made while it runs, and putting one back (docs/runbook.md)."""
