"""What staff publish beside a release: corrections, words, progress."""
