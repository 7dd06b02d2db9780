"""The weekly summary: content (values), lines (wording), letter (text and HTML)."""
