"""What an activity's original holds, second by second: decoded when it is looked at."""

from isal import isal_zlib
from sqlmodel import Session

from coach.store import recordings
from coach.store.tables import Activity
from devices.errors import DeviceError
from devices.fit.read import read
from devices.recording import Recording


def is_let_go(session: Session, activity: Activity) -> bool:
    """Whether it was recorded and its file is kept no longer; all that was measured of it is."""
    return activity.original_id is not None and not recordings.content(session, activity.original_id)


def file_of(session: Session, activity: Activity) -> bytes | None:
    """The file as it came; None where the activity was entered by hand, or its file is not kept any more."""
    if activity.original_id is None:
        return None
    content = recordings.content(session, activity.original_id)
    return isal_zlib.decompress(content) if content else None


def recording_of(session: Session, activity: Activity) -> Recording | None:
    """None also where a reader of today can make nothing of the file any more."""
    data = file_of(session, activity)
    if data is None:
        return None
    try:
        found = read(data).recordings
    except DeviceError:
        return None
    return found[activity.part] if activity.part < len(found) else None
