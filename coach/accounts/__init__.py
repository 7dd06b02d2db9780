"""Accounts: who may sign in, and how it is known that it is them."""
