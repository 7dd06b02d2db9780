"""The scanner of a gym, behind `bleak.BleakScanner`."""

import struct
from typing import Any, ClassVar

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.uuids import normalize_uuid_16
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Device


class GymScanner(BaseBleakScanner):
    """`Gym` makes one of its own of it: bleak wants a class, and hands nothing over."""

    device: ClassVar[Device]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str,  # noqa: ARG002 (there is no difference in here)
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)

    async def start(self) -> None:
        self.seen_devices = {}
        self.device.on(Device.EVENT_ADVERTISEMENT, self._noticed)
        await self.device.start_scanning()

    async def stop(self) -> None:
        self.device.remove_listener(Device.EVENT_ADVERTISEMENT, self._noticed)
        await self.device.stop_scanning()

    def _noticed(self, advertisement: Advertisement) -> None:
        fields = dict(advertisement.data.ad_structures)
        services = fields.get(AdvertisingData.Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, b"")
        uuids = [normalize_uuid_16(number) for (number,) in struct.iter_unpack("<H", services)]
        if not self.is_allowed_uuid(uuids):
            return
        name = fields.get(AdvertisingData.Type.COMPLETE_LOCAL_NAME, b"").decode() or None
        told = AdvertisementData(name, {}, {}, uuids, None, advertisement.rssi, ())
        address = str(advertisement.address).partition("/")[0]
        self.call_detection_callbacks(self.create_or_update_device(address, address, name, None, told), told)
