"""Virtual machines with a rider on them, for tests and for whoever has no hardware; needs the extra `gym`.

They stand behind `bleak` by backends of their own: virtual controllers of bumble carry real HCI, L2CAP, ATT and GATT
packets within one process.
"""
