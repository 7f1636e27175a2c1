"""Training: reading lists, questions and drills made from the content, receipts and reports."""

from kb.training.drills import drill
from kb.training.export import export_training
from kb.training.lists import lists
from kb.training.questions import questions

__all__ = ["drill", "export_training", "lists", "questions"]
