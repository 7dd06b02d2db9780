"""The week's decision, and the plan's next step: offered, never applied unconfirmed (clinical rules, sections 5 and 6)."""
