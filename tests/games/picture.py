"""Pictures without a library: reads what Xvfb shows and SDL saves, writes PNG."""
import struct
import zlib


class Picture:
    """Rows of (red, green, blue)."""

    def __init__(self, width, height, rows):
        self.width, self.height, self.rows = width, height, rows

    def at(self, x, y):
        return tuple(self.rows[y][3 * x:3 * x + 3])

    def colors(self, x, y, width, height):
        """Every color in a rectangle, with its count."""
        counts = {}
        for row in range(max(0, y), min(self.height, y + height)):
            for column in range(max(0, x), min(self.width, x + width)):
                color = self.at(column, row)
                counts[color] = counts.get(color, 0) + 1
        return counts

    def save(self, path):
        def chunk(name, data):
            return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        data = zlib.compress(b"".join(b"\0" + row for row in self.rows), 9)
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def from_bgr(data, width, height, start, stride, step):
    """Rows of blue, green, red and perhaps another byte."""
    rows = []
    for y in range(height):
        line = data[start + y * stride:][:width * step]
        row = bytearray(3 * width)
        for to, source in enumerate([2, 1, 0]):
            row[to::3] = line[source::step]
        rows.append(bytes(row))
    return Picture(width, height, rows)


def from_xwd(path):
    """X Window Dump, version 7, 32 bits a pixel: the file that Xvfb keeps with -fbdir."""
    with open(path, "rb") as file:
        data = file.read()
    fields = struct.unpack_from(">25I", data)
    head, width, height, pixel_bits, stride, colors = fields[0], fields[4], fields[5], fields[11], fields[12], fields[19]
    assert fields[1] == 7 and pixel_bits == 32
    return from_bgr(data, width, height, head + 12 * colors, stride, 4)


def from_bmp(path):
    with open(path, "rb") as file:
        data = file.read()
    start, = struct.unpack_from("<I", data, 10)
    width, height = struct.unpack_from("<ii", data, 18)
    step = struct.unpack_from("<H", data, 28)[0] // 8
    picture = from_bgr(data, width, abs(height), start, (width * step + 3) // 4 * 4, step)
    if height > 0:
        picture.rows.reverse()
    return picture
