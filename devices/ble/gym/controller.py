"""A virtual controller that also does what bumble's leaves out: connecting can be cancelled, and links can break."""

from bumble import hci
from bumble.controller import Controller
from bumble.link import LocalLink


class Adapter(Controller):
    """A controller on a link, which may be out of reach of the others."""

    def __init__(self, name: str, link: LocalLink) -> None:
        super().__init__(name, link=link)

    def forget(self) -> None:
        """Leave the link for good."""
        self.link.controllers.discard(self)

    def lose_connections(self) -> None:
        """Out of reach: both sides notice that nothing comes any more."""
        for mine in list(self.le_connections.values()):
            other = self.link.find_le_controller(mine.peer_address)
            self.on_le_disconnected(mine, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)
            theirs = None if other is None else other.le_connections.get(mine.self_address)
            if other is not None and theirs is not None:
                other.on_le_disconnected(theirs, hci.HCI_ErrorCode.CONNECTION_TIMEOUT_ERROR)

    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Answered as the specification asks: the pending connection ends as one that never was."""
        pending, self.pending_le_connection = self.pending_le_connection, None
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
                connection_handle=0,
                role=hci.Role.CENTRAL,
                peer_address_type=pending.peer_address.address_type,
                peer_address=pending.peer_address,
                connection_interval=0,
                peripheral_latency=0,
                supervision_timeout=0,
                central_clock_accuracy=0,
            )
        )
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)
