"""Sealing and the key file."""

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store import KeyMissing, KeyRefused, SealBroken, Sealer, open_key

OLD, NEW = b"o" * 32, b"n" * 32


@given(data=st.binary(max_size=300), place=st.text(max_size=40))
def test_what_was_sealed_comes_back_and_cannot_be_seen(data, place):
    sealer = Sealer([NEW])
    place = place.encode("utf-8", "replace").decode()
    sealed = sealer.seal(data, place=place)
    assert sealer.unseal(sealed, place=place) == data
    assert len(sealed) == len(data) + 33
    assert len(data) < 4 or data not in sealed


def test_the_same_is_sealed_differently_each_time():
    sealer = Sealer([NEW])
    assert sealer.seal(b"x", place="p") != sealer.seal(b"x", place="p")


def test_a_value_opens_only_at_its_place():
    sealer = Sealer([NEW])
    sealed = sealer.seal("図面".encode(), place="requests/1/note")
    for place in ("requests/2/note", "requests/1/person", ""):
        with pytest.raises(SealBroken):
            sealer.unseal(sealed, place=place)


def test_every_changed_byte_is_noticed():
    sealer = Sealer([NEW])
    sealed = sealer.seal(b"drawing", place="p")
    for i in range(len(sealed)):
        with pytest.raises(SealBroken):
            sealer.unseal(sealed[:i] + bytes([sealed[i] ^ 1]) + sealed[i + 1 :], place="p")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            sealer.unseal(sealed[:length], place="p")


def test_a_rotated_key_still_opens_and_the_new_one_seals():
    before, after, gone = Sealer([OLD]), Sealer([NEW, OLD]), Sealer([NEW])
    sealed = before.seal(b"kept", place="p")
    assert after.unseal(sealed, place="p") == b"kept"
    assert gone.unseal(after.seal(b"new", place="p"), place="p") == b"new"
    with pytest.raises(SealBroken, match="not in the key file"):
        gone.unseal(sealed, place="p")


def test_a_message_about_a_seal_shows_neither_key_nor_content():
    sealer = Sealer([OLD])
    assert OLD.hex() not in repr(sealer) and "ooo" not in repr(sealer)
    with pytest.raises(SealBroken) as caught:
        sealer.unseal(b"drawing of A", place="inbox/1/payload")
    assert str(caught.value) == "inbox/1/payload holds no sealed value."


@pytest.mark.parametrize("keys", [[], [b"short"], [NEW, b""]], ids=repr)
def test_a_sealer_without_whole_keys_is_refused(keys):
    with pytest.raises(ValueError):
        Sealer(keys)


# --- the key file


def test_the_first_start_makes_a_key_that_only_its_owner_can_read(tmp_path):
    path = tmp_path / "config/himitsu/key"
    sealed = open_key(path, store_is_new=True).seal(b"x", place="p")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert os.listdir(path.parent) == ["key"]
    assert open_key(path, store_is_new=False).unseal(sealed, place="p") == b"x"


def test_a_missing_key_is_not_made_again_where_there_is_data(tmp_path):
    with pytest.raises(KeyMissing, match="HIMITSU_KEY_FILE"):
        open_key(tmp_path / "key", store_is_new=False)
    assert not (tmp_path / "key").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644])
def test_a_key_that_others_can_read_or_write_is_refused(tmp_path, mode):
    path = tmp_path / "key"
    open_key(path, store_is_new=True)
    path.chmod(mode)
    with pytest.raises(KeyRefused, match=f"chmod 600 {path}"):
        open_key(path, store_is_new=False)


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"c2hvcnQ=\n", b"not base64!\n", "鍵".encode(), b"\xff\xfe"], ids=repr
)
def test_a_damaged_key_file_is_refused_and_stays(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyRefused, match="damaged"):
        open_key(path, store_is_new=True)
    assert path.read_bytes() == content


def test_a_key_file_that_is_a_folder_is_refused(tmp_path):
    tmp_path.chmod(0o700)
    with pytest.raises(KeyRefused, match="cannot be used"):
        open_key(tmp_path, store_is_new=True)


def test_the_first_key_of_the_file_seals_and_the_others_open(tmp_path):
    old, new, both = tmp_path / "old", tmp_path / "new", tmp_path / "both"
    sealed = open_key(old, store_is_new=True).seal(b"x", place="p")
    current = open_key(new, store_is_new=True)
    both.write_text(new.read_text() + old.read_text())
    both.chmod(0o600)
    ring = open_key(both, store_is_new=False)
    assert ring.unseal(sealed, place="p") == b"x"
    assert current.unseal(ring.seal(b"y", place="p"), place="p") == b"y"


def test_starts_at_the_same_time_agree_on_one_key(tmp_path):
    gate, found = threading.Barrier(8), []

    def start():
        gate.wait()
        found.append(open_key(tmp_path / "key", store_is_new=True))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = found[0].seal(b"x", place="p")
    assert [sealer.unseal(sealed, place="p") for sealer in found] == [b"x"] * 8
