from __future__ import annotations

import pytest

from metricloop.kernel.errors import InvalidInput, SourceFailed
from metricloop.kernel.secrets import hidden, remember, remember_parts


@pytest.mark.parametrize(
    ("secret", "leak"),
    [
        ("kernel-canary-1", "refused: kernel-canary-1"),
        ("postgresql://u:kernel-canary-2@h:5432/db", "no host in u:kernel-canary-2@h"),
        ("mysql://u:kernel%2Fcanary-3@h/db", "password 'kernel/canary-3' is wrong"),
        ("postgresql://u:kernel-canary-4@@h:port/db", "invalid port in kernel-canary-4@@h"),
        ("host=h password=kernel-canary-5 dbname=d", "missing = after kernel-canary-5"),
        ("host=h password='kernel canary-6'", "kernel canary-6"),
        ("https://h/x?api_key=kernel-canary-7&page=1", "GET /x?page=1&api_key=kernel-canary-7"),
        ("https://h/services/T0/kernel-canary-8", "POST https://10.0.0.1/services/T0/kernel-canary-8"),
        ("postgres://[bad:kernel-canary-9@h", "kernel-canary-9"),
    ],
)
def test_what_was_looked_up_is_in_no_text_and_no_error(secret: str, leak: str) -> None:
    remember(secret)
    assert "canary" not in hidden(leak) and "[secret]" in hidden(leak)
    error = SourceFailed(leak, retryable=False, where=leak, fix=leak)
    assert "canary" not in str(error) + error.problem + error.where + error.fix + repr(error)
    assert "canary" not in str(InvalidInput(leak))


def test_what_is_no_secret_stays() -> None:
    remember("postgresql://kernel_reader@localhost:5432/kernel_shop")
    remember("abc")
    for text in ("no database kernel_shop", "role kernel_reader", "abc", "localhost:5432"):
        assert hidden(text) == text


def test_of_an_address_that_may_be_shown_only_the_password_is_hidden() -> None:
    remember_parts("kernel-state.db")
    remember_parts("postgresql://u:kernel-canary-10@h/kernel_state")
    assert hidden("kernel-state.db") == "kernel-state.db"
    assert hidden("postgresql://u:kernel-canary-10@h/kernel_state") == "postgresql://u:[secret]@h/kernel_state"
