"""Text as the engines see it: one normal form, its grams, and the way back to the original."""

from kb.text.grams import Gram, grams, runs, unquoted
from kb.text.normal import BLANK, Normal, normal_text, normalise, simplified_table

__all__ = [
    "BLANK",
    "Gram",
    "Normal",
    "grams",
    "normal_text",
    "normalise",
    "runs",
    "simplified_table",
    "unquoted",
]
