"""What everything else stands on: settings, errors, curated files, progress."""
