"""The desk in a notebook, on ipywidgets through anywidget."""

from kb.widgets.desk import Desk

__all__ = ["Desk"]
