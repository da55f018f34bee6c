from __future__ import annotations

from metricloop.store.passwords import Argon2Passwords, RandomSecrets


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_rfc_9106() -> None:
    kept = Argon2Passwords().hash("correct horse battery")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Argon2Passwords().matches(kept, "correct horse battery")
    assert not Argon2Passwords().matches(kept, "correct horse batterY")


def test_the_same_password_is_kept_differently_each_time() -> None:
    quick = Argon2Passwords(passes=1, memory_kib=8, lanes=1)
    assert quick.hash("same") != quick.hash("same")


def test_a_damaged_hash_lets_nobody_in() -> None:
    quick = Argon2Passwords(passes=1, memory_kib=8, lanes=1)
    assert not quick.matches("", "")
    assert not quick.matches("$argon2id$v=19$m=8,t=1,p=1$broken", "x")


def test_secrets_have_256_bits_and_need_no_escape() -> None:
    found = {RandomSecrets().new() for _ in range(100)}
    assert len(found) == 100
    assert all(len(secret) == 43 and secret.replace("-", "").replace("_", "").isalnum() for secret in found)
