"""Intake: what the public side holds of reports: sealed envelopes, sealed files, spent tickets, and the keys to seal to.

In: what a stranger wrote, and published public keys. Out: reports that only the office opens, answers that only the
receipt opens. Nothing here reads again what it has sealed; there is no private key. Times are dates; who asked, from
where and with what is not noted.
"""
