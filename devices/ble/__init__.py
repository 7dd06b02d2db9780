"""Bluetooth LE: from the bytes that a sensor or a machine sends to what they mean.

Pure, one module a characteristic: `services` knows them all, `measurement` is what they yield.
"""
