"""From approved corrections to the repository's files, so that training learns them and git shows who changed what."""
