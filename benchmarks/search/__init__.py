"""This project's search beside others, on the same pages and the same judged queries."""
