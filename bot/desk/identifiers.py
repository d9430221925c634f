"""Tells personal and company identifiers from other long numbers by their check digits."""

from __future__ import annotations

import re
from datetime import date

# GB 11643: weights of the first 17 digits, and the check character by the remainder of 11.
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
# GB/T 2260: the first two digits name the province or the like.
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
# GB 32100: the alphabet without I, O, S, V, Z, and the weights, powers of 3 modulo 31.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_resident_number(text: str) -> bool:
    """Say whether 15 or 18 characters are a resident identity number.

    A number whose place and birthday are right but whose check digit is not, is one with a slip of the
    pen, and no less personal.
    """
    if not _PROVINCES.match(text):
        return False
    if len(text) == 15 and text.isdigit():
        return _is_day("19" + text[6:12])
    if len(text) != 18 or not text[:17].isdigit() or text[17] not in "0123456789X":
        return False
    return resident_check(text[:17]) == text[17] or _is_day(text[6:14])


def resident_check(body: str) -> str:
    """Give the check character of the first 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def is_bank_card(digits: str) -> bool:
    """Say whether the digits are the number of a payment card: 16 to 19 of them, by Luhn's rule."""
    return 16 <= len(digits) <= 19 and digits[0] in "34569" and luhn(digits)


def luhn(digits: str) -> bool:
    """Say whether the last digit is right by Luhn's rule (ISO/IEC 7812)."""
    doubled = [int(d) * 2 for d in digits[-2::-2]]
    total = sum(int(d) for d in digits[-1::-2]) + sum(d - 9 if d > 9 else d for d in doubled)
    return total % 10 == 0


def is_credit_code(text: str) -> bool:
    """Say whether 18 characters are a unified social credit code."""
    if len(text) != 18 or any(char not in _CREDIT_ALPHABET for char in text):
        return False
    return text[2:8].isdigit() and credit_check(text[:17]) == text[17]


def credit_check(body: str) -> str:
    """Give the check character of the first 17 characters (GB 32100)."""
    total = sum(
        _CREDIT_ALPHABET.index(char) * weight for char, weight in zip(body, _CREDIT_WEIGHTS, strict=True)
    )
    return _CREDIT_ALPHABET[-total % 31]


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1880 <= day.year <= 2099
