"""Values as PHP writes them into databases (`serialize`), read without running anything."""

from math import isfinite
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"

DEEPEST = 20


class NotSerialised(ValueError):
    """The text is no value that PHP wrote, or holds an object."""


def read_php(text: str) -> Value:
    """The value of a text such as `a:2:{s:4:"like";i:7;s:7:"dislike";i:2;}`. Raises NotSerialised.

    The length of a string counts bytes. An array whose keys are 0, 1, 2 … is a list. Objects and references are
    refused: their meaning is in a program.
    """
    try:
        reading = _Reading(text.encode())
        value = reading.value(0)
    except ValueError:
        raise NotSerialised(text[:80]) from None
    if reading.at != len(reading.data):
        raise NotSerialised(text[:80])
    return value


class _Reading:
    """The bytes, and how far they are read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def value(self, depth: int) -> Value:
        if depth > DEEPEST:
            raise NotSerialised
        kind = self.until(b";" if self.data[self.at : self.at + 1] == b"N" else b":")
        if kind == b"N":
            return None
        if kind == b"b":
            return self.until(b";") == b"1"
        if kind == b"i":
            return int(self.until(b";"))
        if kind == b"d":
            return self.number()
        if kind == b"s":
            text = self.string(int(self.until(b":")))
            self.expect(b";")
            return text
        if kind == b"a":
            return self.array(int(self.until(b":")), depth)
        raise NotSerialised

    def number(self) -> float:
        number = float(self.until(b";"))
        if not isfinite(number):  # JSON, where it will be kept, has no word for it
            raise NotSerialised
        return number

    def array(self, size: int, depth: int) -> Value:
        self.expect(b"{")
        values: dict[str, Value] = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if not isinstance(key, int | str):
                raise NotSerialised
            values[str(key)] = self.value(depth + 1)
        self.expect(b"}")
        is_list = list(values) == [str(number) for number in range(len(values))]
        return list(values.values()) if is_list else values

    def string(self, size: int) -> str:
        self.expect(b'"')
        if not 0 <= size <= len(self.data) - self.at:
            raise NotSerialised
        text = self.data[self.at : self.at + size].decode()
        self.at += size
        self.expect(b'"')
        return text

    def until(self, end: bytes) -> bytes:
        stop = self.data.index(end, self.at, self.at + 40)
        read = self.data[self.at : stop]
        self.at = stop + 1
        return read

    def expect(self, mark: bytes) -> None:
        if self.data[self.at : self.at + 1] != mark:
            raise NotSerialised
        self.at += 1
