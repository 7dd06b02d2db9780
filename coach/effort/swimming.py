"""Swimming: timer seconds, with rests between lengths as long as they are short."""

from coach.effort.grid import Grid
from coach.effort.model import Effort, Predicate, Reason
from coach.effort.spans import from_mask, to_mask, union
from coach.plan.thresholds import thresholds


def efforts(grid: Grid) -> tuple[Effort, ...]:
    longest_rest_s = thresholds().swimming.longest_rest_s
    # Two idle lengths in a row are one rest.
    rests = union(each.span for each in grid.recording.lengths if not each.active)
    too_long = tuple(rest for rest in rests if rest.duration_s > longest_rest_s)
    swimming = grid.running & ~to_mask(too_long, grid.seconds)
    return (Effort(Predicate.SWIMMING, from_mask(swimming), grid.excluded(swimming, Reason.LONG_REST)),)
