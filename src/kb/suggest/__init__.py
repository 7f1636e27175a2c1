"""The advisor: reads a description, names the next step, and says why."""

from kb.suggest.advice import Advice, Advisor
from kb.suggest.data import advisor_data

__all__ = ["Advice", "Advisor", "advisor_data"]
