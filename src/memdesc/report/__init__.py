"""Renderers: they turn records into text, JSON and SARIF, and decide nothing."""
