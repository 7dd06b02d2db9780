"""Charts: what is on one (values), and two inks: SVG for pages, PNG for mails."""
