"""Rasa NLU components; each reads residents' words through `knowledge.language.normalise`."""
