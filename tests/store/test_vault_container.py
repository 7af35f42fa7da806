"""Sealed files against Tink, the format's own implementation, and against whoever alters them."""

import hashlib
import io
import os
import threading
import tracemalloc

import pytest
import tink
from hypothesis import given, settings
from hypothesis import strategies as st
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from workbench.store.container import (
    _FIRST_PIECE,
    _PIECE,
    SEGMENT,
    SealedReader,
    Tampered,
    encrypt_stream,
    plain_size,
    sealed_size,
)

KEY = bytes(range(32))
NAME = b"medium"
# 0, and around the end of the first, second and fourth segment
EDGES = [0, 1, 2] + [n * _PIECE + _FIRST_PIECE + d for n in (0, 1, 3) for d in (-1, 0, 1)]


def content(size: int) -> bytes:
    return hashlib.shake_128(b"content").digest(size)


def sealed(data: bytes, key: bytes = KEY, name: bytes = NAME) -> bytes:
    out = io.BytesIO()
    assert encrypt_stream(io.BytesIO(data), out, key, name) == len(data)
    return out.getvalue()


@pytest.fixture
def reader_of(tmp_path):
    """Opens bytes as a container; closes what it opened."""
    opened = []

    def reader(container: bytes, key: bytes = KEY, name: bytes = NAME) -> SealedReader:
        file = tmp_path / f"{len(opened)}.sealed"
        file.write_bytes(container)
        opened.append(SealedReader.open(file, key, name))
        return opened[-1]

    yield reader
    for r in opened:
        r.close()


@pytest.fixture(scope="module")
def oracle():
    streaming_aead.register()
    params = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
        ciphertext_segment_size=SEGMENT, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
    )
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(version=0, key_value=KEY, params=params)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=key.SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    entry = tink_pb2.Keyset.Key(key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[entry]).SerializeToString()
    handle = tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class Kept(io.BytesIO):
    """Tink closes what it wrote to; its bytes are still wanted."""

    def close(self):
        self.kept = self.getvalue()
        super().close()


@pytest.mark.parametrize("size", EDGES)
def test_tink_opens_what_we_sealed(oracle, size):
    with oracle.new_decrypting_stream(io.BytesIO(sealed(content(size))), NAME) as stream:
        assert stream.read() == content(size)


@pytest.mark.parametrize("size", EDGES)
def test_we_open_what_tink_sealed(oracle, reader_of, size):
    out = Kept()
    with oracle.new_encrypting_stream(out, NAME) as stream:
        stream.write(content(size))
    reader = reader_of(out.kept)
    assert (reader.size, reader.read()) == (size, content(size))


@pytest.mark.parametrize("size", EDGES)
def test_sizes_on_disk_are_foreseen(size):
    assert len(sealed(content(size))) == sealed_size(size)
    assert plain_size(sealed_size(size)) == size


@settings(max_examples=60, deadline=None)
@given(chunks=st.lists(st.integers(0, 70_000), max_size=6), at=st.integers(0, 250_000), n=st.integers(0, 150_000))
def test_any_chunks_read_back_at_any_range(tmp_path_factory, chunks, at, n):
    data = content(sum(chunks))
    ends = [sum(chunks[: i + 1]) for i in range(len(chunks))]
    pieces = [data[end - size : end] for size, end in zip(chunks, ends, strict=True)]
    file = tmp_path_factory.mktemp("sealed") / "x"
    with file.open("wb") as out:
        encrypt_stream(pieces, out, KEY, NAME)
    with SealedReader.open(file, KEY, NAME) as reader:
        assert reader.pread(at, n) == data[at : at + n]
        assert reader.seek(at) == reader.tell() == at
        assert reader.read(n) == data[at : at + n]
        assert reader.seek(-min(5, len(data)), io.SEEK_END) == len(data) - min(5, len(data))
        assert reader.read() == data[-5:]


def test_reads_like_any_file(reader_of):
    data = content(200_000)
    reader = reader_of(sealed(data))
    assert reader.readable() and reader.seekable() and not reader.writable()
    buffered = io.BufferedReader(reader, 10_000)
    assert buffered.read(7) + buffered.read() == data
    reader.seek(10)
    reader.seek(5, io.SEEK_CUR)
    assert reader.read(3) == data[15:18]
    reader.seek(10**9)
    assert reader.read(5) == b""
    with pytest.raises(ValueError, match="position is -1"):
        reader.seek(-1)
    reader.close()
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)


def test_many_threads_read_ranges_at_once(reader_of):
    data = content(1_000_000)
    reader = reader_of(sealed(data))
    wrong = []

    def read(k: int) -> None:
        for i in range(150):
            at = (k * 7919 + i * 104_729) % len(data)
            if reader.pread(at, 100_000) != data[at : at + 100_000]:
                wrong.append(at)

    threads = [threading.Thread(target=read, args=(k,)) for k in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wrong == []


def test_sealing_a_long_recording_takes_little_memory(tmp_path):
    with (tmp_path / "x").open("wb") as out:
        tracemalloc.start()
        encrypt_stream((bytes(1 << 20) for _ in range(64)), out, KEY, NAME)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8 << 20


FOUR = content(3 * _PIECE + 1000)  # four segments, the last one short


def segments(container: bytes) -> list[bytes]:
    return [container[i : i + SEGMENT] for i in range(0, len(container), SEGMENT)]


@pytest.mark.parametrize("at", [0, 1, 20, 35, 45, SEGMENT - 1, SEGMENT, 2 * SEGMENT + 9, 3 * SEGMENT, -1])
def test_a_flipped_bit_is_noticed(reader_of, at):
    container = bytearray(sealed(FOUR))
    container[at] ^= 1
    with pytest.raises(Tampered):
        reader_of(bytes(container)).read()


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 1, 3], [0, 1, 3], [0, 2, 3], [1, 2, 3]])
def test_exchanged_repeated_and_missing_segments_are_noticed(reader_of, order):
    parts = segments(sealed(FOUR))
    with pytest.raises(Tampered):
        reader_of(b"".join(parts[i] for i in order)).read()


@pytest.mark.parametrize("left", [0, 1, 39, 40, 41, 55, 56, SEGMENT, 2 * SEGMENT, 3 * SEGMENT, 3 * SEGMENT + 16, -1])
def test_a_cut_file_does_not_even_open(reader_of, left):
    with pytest.raises(Tampered):
        reader_of(sealed(FOUR)[:left])


@pytest.mark.parametrize(
    "more",
    [b"\0", bytes(16), bytes(17), bytes(SEGMENT), sealed(b"more")],
    ids=["a byte", "a tag", "a byte and a tag", "a segment", "a container"],
)
@pytest.mark.parametrize("size", [0, _FIRST_PIECE, len(FOUR)])
def test_an_appended_tail_is_noticed_at_opening(reader_of, size, more):
    with pytest.raises(Tampered):
        reader_of(sealed(content(size)) + more)


def test_another_key_another_name_and_another_files_segment_do_not_open(reader_of):
    container = sealed(FOUR)
    for key, name in ((os.urandom(32), NAME), (KEY, b"transcript")):
        with pytest.raises(Tampered, match="another key"):
            reader_of(container, key, name)
    mixed = segments(container)
    mixed[1] = segments(sealed(FOUR))[1]
    reader = reader_of(b"".join(mixed))
    assert reader.pread(0, 100) == FOUR[:100]
    with pytest.raises(Tampered, match="segment 2 of 4"):
        reader.pread(SEGMENT, 10)


def test_the_same_recording_sealed_twice_looks_different():
    assert sealed(FOUR)[40:200] != sealed(FOUR)[40:200]
    assert FOUR[:64] not in sealed(FOUR)
