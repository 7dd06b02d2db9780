"""Why a radio or a machine does not take part: one member a reason, with what it is and what to do about it."""

from enum import Enum
from typing import Final

_UNNAMED: Final = "The machine"


class Reason(Enum):
    """Of each: a sentence, in which `{name}` is the machine, and the remedy."""

    NO_ADAPTER = (
        "This computer has no Bluetooth adapter that can talk to trainers.",
        "Plug one in (Bluetooth 4.0 or newer) and try again.",
    )
    NO_SERVICE = (
        "The system's Bluetooth service does not answer.",
        "Install and start it; on Linux: `sudo systemctl enable --now bluetooth`.",
    )
    ADAPTER_OFF = (
        "Bluetooth is switched off.",
        "Switch it on in the system's settings; on Linux also: `bluetoothctl power on`.",
    )
    NO_PERMISSION = (
        "This program may not use Bluetooth.",
        "Allow it in the system's settings; on Linux: `sudo usermod -aG bluetooth $USER`, then log in again.",
    )
    ADAPTER_STUCK = (
        "The Bluetooth adapter is stuck: it says that something is still in progress.",
        "Close other apps that scan. If that does not help, switch Bluetooth off and on, or unplug the adapter.",
    )
    NOT_FOUND = (
        "{name} was not found.",
        "Wake it (turn the pedals, start the belt, wet the strap), stay near, and close other apps that have it.",
    )
    TAKEN = (
        "{name} refuses the connection.",
        "Close the other app that holds it, on phones and tablets too: most machines take one connection only.",
    )
    TIMED_OUT = (
        "{name} does not answer in time.",
        "Switch it off and on, and stay near.",
    )
    NO_FITNESS_SERVICE = (
        "{name} has none of the services that a trainer, treadmill, sensor or strap has.",
        "Some machines have to be set to Bluetooth FTMS first; look in its menu or its maker's app.",
    )
    ANOTHER = (
        "{name} is there, but it is not the one that was chosen: its serial number is another.",
        "Choose it anew with `coach devices add`.",
    )
    LINK_LOST = (
        "The connection to {name} was lost.",
        "It is looked for until it is back; nothing that was recorded is lost.",
    )
    SILENT = (
        "{name} is connected but says nothing.",
        "It is connected anew. If it stays silent, switch it off and on.",
    )

    def __init__(self, sentence: str, remedy: str) -> None:
        self.sentence = sentence
        self.remedy = remedy

    @property
    def is_of_the_adapter(self) -> bool:
        """No machine can be reached, and waiting for one is no help."""
        return self in (Reason.NO_ADAPTER, Reason.NO_SERVICE, Reason.ADAPTER_OFF, Reason.NO_PERMISSION)

    def told(self, name: str | None = None) -> str:
        """The sentence and the remedy, for a person."""
        return f"{self.sentence.format(name=name or _UNNAMED)} {self.remedy}"
