"""The staff's side of danger: the wording of the replies, which they may change and never switch off."""
