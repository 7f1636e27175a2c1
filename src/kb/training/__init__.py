"""Training: reading lists, questions and drills made from the content, receipts and reports."""

from kb.training.export import export_training

__all__ = ["export_training"]
