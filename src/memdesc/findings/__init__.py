"""Findings: rules, their pages, records, baselines."""
