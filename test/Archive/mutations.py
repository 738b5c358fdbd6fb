"""Damages an archive in the ways that kill a trusting reader, one file per way.

`python mutations.py GOOD.pt DIRECTORY` writes DIRECTORY/<name>.pt; each must be refused by the checker.
"""

import struct
import sys
import zipfile
from pathlib import Path

PROTO, STOP, MARK = b"\x80\x02", b".", b"("


def read(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def write(path, records, compress=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in records.items():
            method = zipfile.ZIP_DEFLATED if name in compress else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name), content, method)


def main(good, directory):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    raw = Path(good).read_bytes()
    records = read(good)
    top = next(iter(records)).split("/")[0]
    data = records[f"{top}/data.pkl"]
    weight = next(name for name in records if name.startswith(f"{top}/data/"))

    def change(name, **changes):
        changed = dict(records)
        changed.update({f"{top}/{key.replace('__', '/')}": value for key, value in changes.items()})
        write(directory / f"{name}.pt", changed)

    def pickle(name, body):
        write(
            directory / f"{name}.pt",
            {**records, f"{top}/data.pkl": PROTO + body + STOP},
        )

    def without(name, record):
        write(
            directory / f"{name}.pt",
            {k: v for k, v in records.items() if k != f"{top}/{record}"},
        )

    # The zip file.
    (directory / "empty.pt").write_bytes(b"")
    (directory / "text.pt").write_bytes(b"this is no archive, but it is long enough to hold an end record")
    (directory / "truncated.pt").write_bytes(raw[: len(raw) // 2])
    flipped = bytearray(raw)
    flipped[raw.index(records[weight]) + 1] ^= 1
    (directory / "crc.pt").write_bytes(flipped)
    write(directory / "dotdot.pt", {**records, f"{top}/../../evil": b"x"})
    write(directory / "absolute.pt", {**records, "/etc/evil": b"x"})
    with zipfile.ZipFile(directory / "duplicate.pt", "w") as archive:
        for name, content in list(records.items()) + [(f"{top}/version", b"3\n")]:
            archive.writestr(name, content)
    plain = directory / "plain.pt"
    write(plain, records)
    central = bytearray(plain.read_bytes())
    first = central.index(b"PK\x01\x02")
    second = central.index(b"PK\x01\x02", first + 4)
    plain.unlink()
    overlapping = bytearray(central)
    size = struct.unpack_from("<I", overlapping, first + 24)[0]
    overlapping[first + 20 : first + 28] = struct.pack("<II", size + 40, size + 40)
    (directory / "overlap.pt").write_bytes(overlapping)
    outside = bytearray(central)
    outside[second + 42 : second + 46] = struct.pack("<I", len(outside) - 10)
    (directory / "outside.pt").write_bytes(outside)
    bomb = {**records, f"{top}/code/__torch__/bomb.py": b"#" * (1 << 21)}
    write(directory / "bomb.pt", bomb, compress=[f"{top}/code/__torch__/bomb.py"])
    lying = bytearray((directory / "bomb.pt").read_bytes())
    at = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"bomb.py"))
    lying[at + 24 : at + 28] = struct.pack("<I", 100)
    (directory / "inflates.pt").write_bytes(lying)
    lying[at + 24 : at + 28] = struct.pack("<I", 0x7FFFFFF0)
    (directory / "bomb.pt").write_bytes(lying)

    # The versions and records.
    change("version0", **{"version": b"0\n", ".data__version": b"0\n"})
    change("version11", **{"version": b"11\n", ".data__version": b"11\n"})
    change("version_text", **{"version": b"three", ".data__version": b"three"})
    without("no_data", "data.pkl")
    change("first_format", **{"model.json": b"{}"})
    without("no_constants", "constants.pkl")
    without("no_storage", weight.split("/", 1)[1])
    write(directory / "short_storage.pt", {**records, weight: records[weight][:-4]})
    write(
        directory / "brackets.pt",
        {**records, f"{top}/code/__torch__/deep.py": b"x = " + b"(" * 5000},
    )

    # Pickles.
    pickle("unknown_opcode", b"0")
    pickle("protocol", b"\x80\x04N")
    write(directory / "cut_off.pt", {**records, f"{top}/data.pkl": data[: len(data) // 2]})
    pickle("underflow", b"\x86")
    pickle("no_mark", b"Nt")
    pickle("deep", b"N" + b"\x85" * 200000)
    pickle("memo_get", b"h\x07")
    pickle("memo_put", b"Nr\xff\xff\xff\x7f")
    pickle("long_text", b"X\xff\xff\xff\xff abc")
    pickle("long1", b"\x8a\x01\x05")
    pickle("recursive", b"]q\x00h\x00a")
    pickle(
        "laughs",
        b")q\x00" + b"".join(b"h%c" % i + b"h%c" % i + b"\x86q%c" % (i + 1) for i in range(60)),
    )

    def tensor(count, offset, sizes, strides, key=b"0"):
        def number(n):
            return b"\x8a\x08" + struct.pack("<q", n)

        def text(s):
            return b"X" + struct.pack("<I", len(s)) + s

        def numbers(values):
            return MARK + b"".join(number(v) for v in values) + b"t"

        storage = MARK + text(b"storage") + b"ctorch\nFloatStorage\n" + text(key) + text(b"cpu") + number(count) + b"tQ"
        arguments = MARK + storage + number(offset) + numbers(sizes) + numbers(strides) + b"\x89"
        return b"ctorch._utils\n_rebuild_tensor_v2\n" + arguments + b"ccollections\nOrderedDict\n)RtR"

    count = len(records[weight]) // 4
    key = weight.rsplit("/", 1)[1].encode()
    pickle("storage_claims", tensor(10000, 0, [10000], [1], key))
    pickle("storage_huge", tensor(2**61, 0, [4], [1], key))
    pickle("storage_negative", tensor(-1, 0, [4], [1], key))
    pickle("tensor_beyond", tensor(count, 0, [count + 1], [1], key))
    pickle("tensor_offset", tensor(count, 1, [count], [1], key))
    pickle("tensor_overflow", tensor(count, 0, [2**62, 2**62], [2**62, 1], key))
    pickle("tensor_negative_stride", tensor(count, 0, [2], [-1], key))
    pickle("tensor_negative_size", tensor(count, 0, [-2], [1], key))
    print(len(list(directory.glob("*.pt"))))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
