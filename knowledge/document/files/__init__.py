"""Files as offices keep them (PDF, Word, web page, text), read into pieces with their places."""
