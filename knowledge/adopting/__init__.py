"""From the file that an office keeps to a store that answers, with a report that its people understand."""
