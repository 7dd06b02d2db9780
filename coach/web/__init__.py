"""Pages in the browser: thin, rendered here, without scripts."""
