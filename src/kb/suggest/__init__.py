"""The advisor: reads a description, names the next step, and says why."""

from kb.suggest.advice import Advice, Advisor
from kb.suggest.data import advisor_data, export_advisor, learned_from, models
from kb.suggest.similar import Alike, Similarity

__all__ = [
    "Advice",
    "Advisor",
    "Alike",
    "Similarity",
    "advisor_data",
    "export_advisor",
    "learned_from",
    "models",
]
