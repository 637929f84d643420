"""Passwords: their hash, and which ones are refused."""

from functools import lru_cache

import argon2

from onething.errors import InvalidInput

_LONGEST = 200
_KINDS = 3
_HASHER = argon2.PasswordHasher()
_COMMON = ("password", "qwerty", "123456", "abc123", "admin", "letmein", "welcome", "iloveyou")


def hashed(password: str) -> str:
    """Return the argon2id hash with its parameters and salt.

    Takes tens of milliseconds on purpose: never call it inside a transaction.

    Source: RFC 9106 §4, second recommended option (64 MiB).
    """
    return _HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the hashed one; as slow for an account that does not exist."""
    try:
        return _HASHER.verify(password_hash or _nobodys(), password) and password_hash is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def check(password: str, user: str, shortest: int) -> None:
    """Refuse a password that is easy to guess.

    Raises:
        InvalidInput: It is too short, of too few kinds of characters, common, or holds the
            account name.
    Source: GB/T 22239-2019 8.1.4.1 (身份鉴别: complexity); the length is an assumption.
    """
    mistake = _mistake(password, user, shortest)
    if mistake:
        raise InvalidInput(mistake, {"password": mistake})


def _mistake(password: str, user: str, shortest: int) -> str:
    if len(password) < shortest:
        return f"A password has at least {shortest} characters"
    if len(password) > _LONGEST:
        return f"A password has at most {_LONGEST} characters"
    if _kinds(password) < _KINDS:
        return "Mix capital letters, small letters, digits and other characters: three of them"
    lower = password.lower()
    if user.lower() in lower:
        return "The password must not hold the account name"
    if any(lower.startswith(word) for word in _COMMON):
        return "This password is among the first that are tried"
    return ""


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit)
    kinds = sum(any(test(sign) for sign in password) for test in tests)
    return kinds + any(not any(test(sign) for test in tests) for sign in password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _HASHER.hash("the password of nobody")
