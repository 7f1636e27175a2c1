"""Text as the engines see it: one normal form, its grams, and the way back to the original."""

from kb.text.grams import Gram, grams, runs, unquoted
from kb.text.normal import Normal, normalise, simplified_table

__all__ = ["Gram", "Normal", "grams", "normalise", "runs", "simplified_table", "unquoted"]
