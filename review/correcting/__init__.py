"""What staff decide about a question: recorded here, approved by a second person where configured, used by training."""
