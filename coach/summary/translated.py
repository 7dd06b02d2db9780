"""Sentences that are kept in English, in the words of who reads them: what devices, files and measuring noted.

They stand in rows of the database and in errors of rooms that know no languages. A new one is an entry here, and a text
of its name in `text.translated` of each catalogue.
"""

import re
from types import MappingProxyType
from typing import Final

from config.messages import Messages

_FROM: Final = r"moderate from (?P<low>\d+), vigorous from (?P<high>\d+)"

# What is named in a pattern fills the text's fields, and is translated itself where it is known.
_SENTENCES: Final = MappingProxyType(
    {
        re.compile(pattern): name
        for pattern, name in (
            # How a session was measured.
            (r"strokes unavailable: the device told none", "no_strokes"),
            (r"cadence unavailable: the device sent none", "no_cadence"),
            (r"grade unavailable: (?P<why>.+)", "no_grade"),
            (r"no cadence, power or speed was recorded: .+", "no_pedalling"),
            (r"neither speed nor cadence was recorded: .+", "no_walking"),
            (r"no altitude", "no_altitude"),
            (r"no altitude while moving", "no_altitude_moving"),
            (r"no distance", "no_distance"),
            (r"this device has no barometer", "no_barometer"),
            (r"the treadmill sent no inclination", "no_inclination"),
            (r"the distance runs backwards", "distance_backwards"),
            (r"the altitude is as noisy as without a barometer", "altitude_noisy"),
            (r"intensity unknown: (?P<why>.+)", "no_intensity"),
            (rf"intensity by cadence, for (?P<why>.+): {_FROM} steps a minute", "by_cadence"),
            (rf"intensity by (?P<why>.+): {_FROM} beats a minute", "by_heart"),
            (r"heart-rate reserve", "of_reserve"),
            (r"the highest heart rate", "of_highest"),
            (r"(?P<what>.+), (?P<low>\d+) lower in water", "in_water"),
            (r"no heart rate was recorded", "no_heart"),
            (r"the heart rate is missing for most of it", "little_heart"),
            (r"the heart-rate ranges need a birth year or a highest heart rate", "no_zones"),
            # What a device left unsaid, or said otherwise than others.
            (r"The watch read (?P<what>\d+) °C in the water\.", "warm"),
            (r"The device's clock was set to UTC(?P<what>\S+); times are shown in (?P<why>.+)\.", "other_zone"),
            (r"The device's clock was never set; the date comes from its local time .+", "clock_unset"),
            (r"The file has no summary of the session; it was put together from what was recorded\.", "no_summary"),
            (r"The session's own start was absurd; it begins with its first record instead\.", "absurd_start"),
            (r"(?P<low>\S+) of (?P<high>\S+) records have no time or an absurd one and were left out\.", "left_out"),
            (r"Some records were written out of order; they were put in order of time\.", "out_of_order"),
            # What is wrong with a file.
            (r"(?P<what>.+) \(byte (?P<low>\S+)\)", "at_byte"),
            (r"Nothing in the file could be saved\. (?P<what>.+)", "nothing_saved"),
            (r"The file holds no session and no records, so there is nothing to save\.", "nothing_there"),
            (r"The file is empty\. Copy it from the device again\.", "empty"),
            (r"The file is cut off: its last (?P<low>\S+) bytes are missing\. .+", "cut_off"),
            (r"The file ends in the middle of a message\. .+", "ends_inside"),
            (r"The recording was never finished: its header is empty\.", "unfinished"),
            (r"The checksum is wrong: some values may have changed on the way\.", "checksum"),
            (r"A message was not announced, so the rest cannot be read\.", "unannounced"),
            (r"(?P<low>\S+) bytes after its end are not FIT\.", "behind"),
            (r"This is not a FIT file: it does not begin as one\.", "not_fit"),
            (r"This is not a FIT file; it (?P<what>is .+)\.", "not_fit_but"),
            (r"is a zip archive: .+", "is_zip"),
            (r"is compressed: .+", "is_compressed"),
            (r"is XML, .+", "is_xml"),
            (r"is a web page, .+", "is_web_page"),
            (r"is JSON: .+", "is_json"),
            (r"This FIT file is of the kind '(?P<what>.+)' and holds no activity\. .+", "no_activity"),
            (r"The device's clock was never set and the file says no date, .+", "no_date"),
            (r"The file's dates are absurd, .+", "absurd_date"),
            (r"This should not have happened: .+", "fault_of_ours"),
            (r"This file is of a shape that cannot be read .+", "strange_shape"),
            (r"has no FIT files in it \(.+\)\.", "archive_empty"),
            (r"is locked with a password\. .+", "archive_locked"),
            (r"is cut off: the list of its files is missing\. .+", "archive_cut_off"),
        )
    }
)
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+")


def translated(sentence: str, words: Messages) -> str:
    """As a sentence of the reader's language; one that is not known, such as a person's own words, as it is."""
    for pattern, name in _SENTENCES.items():
        if found := pattern.fullmatch(sentence):
            fields = {key: translated(value, words) for key, value in found.groupdict().items()}
            return words.text(f"translated.{name}", **fields)
    return sentence.replace(",", words.text("number.thousands")) if _GROUPED.fullmatch(sentence) else sentence
