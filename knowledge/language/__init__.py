"""What a resident's words are: vocabulary, slips, skeleton, the question read."""
