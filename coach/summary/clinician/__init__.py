"""The week for a clinician: report (what is on it), sentences and tables (wording), page (text and HTML)."""
