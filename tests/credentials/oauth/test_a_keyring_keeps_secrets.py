"""Only a keyring that encrypts is used, whatever the package would choose itself."""

import pytest

from weighlock.credentials.oauth.keyrings import KeyringStore, choose
from weighlock.credentials.oauth.tokens import Tokens
from weighlock.credentials.policy.credential import Secret


class Ring:
    """A backend in memory."""

    def __init__(self):
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


def ring(module):
    return type("Keyring", (Ring,), {"__module__": module})()


@pytest.mark.parametrize(
    "module",
    [
        "keyrings.alt.file",
        "keyring.backends.fail",
        "keyring.backends.null",
        "keyring.backends.chainer",
        "keyring.backends.macOSbutnot",
    ],
)
def test_a_ring_that_may_write_plain_text_is_refused(module):
    assert choose([ring(module)]) is None


def test_one_that_encrypts_is_found_among_others():
    safe = ring("keyring.backends.macOS.api")
    assert choose([ring("keyrings.alt.file"), safe]) is safe


def test_tokens_come_back_as_they_were(tmp_path):
    kept = Tokens(
        access=Secret("a"), refresh=Secret("r"), obtained_at=1.0, expires_at=2.0
    )
    safe = ring("keyring.backends.SecretService")
    KeyringStore(safe, "b", tmp_path / "lock").save(kept)
    store = KeyringStore(safe, "b", tmp_path / "lock")
    assert store.load() == kept
    assert store.remove()
    assert store.load() is None


def test_a_ring_that_is_locked_is_an_error_of_the_system(tmp_path):
    class Locked(Ring):
        def get_password(self, service, username):
            raise RuntimeError(f"{service} {username}")

    with pytest.raises(OSError, match="RuntimeError"):
        KeyringStore(Locked(), "b", tmp_path / "lock").load()
