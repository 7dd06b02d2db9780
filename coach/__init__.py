"""The application: plan, judgement, store, command line."""
