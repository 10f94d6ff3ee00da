"""Whether the regular expressions that meet residents' words take effort in proportion to the words."""
