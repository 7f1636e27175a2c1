"""Kefu Casebook: a customer-service handbook, case library, search and next-step advisor."""

__version__ = "0.1.0"
