"""Effort as a person feels it, on Borg's 6-20 scale."""

from math import ceil, floor

from coach.plan.thresholds import thresholds


def borg_of_cr10(felt: float) -> float:
    """What a watch was told on Borg's 0-10 scale, in steps of the 6-20 scale; between two steps on the line between."""
    steps = thresholds().intensity.borg_of_cr10
    felt = min(max(felt, 0.0), len(steps) - 1.0)
    low, high = steps[floor(felt)], steps[ceil(felt)]
    return low + (high - low) * (felt - floor(felt))
