"""Words and names for load data: enough of them, and as unevenly used, as in what people write.

Text drawn from them packs about as well as prose does (2.5 to 3 times), so that what is measured in bytes means something.
"""

from itertools import accumulate
from pathlib import Path
from random import Random

from rejoinder.accounts.models import Signature
from rejoinder.text.names import check_name

WORDS = Path(__file__).parent / "words.txt"
_STEEPNESS = 1.1  # of Zipf's law; with it 16 kB pack 2.6 times

_ENDS = (".", ".", ".", ".", ".", "?", "!")
_NAMES = (
    ("Ada Anselm Bo Clara Dolores Edith Elin Femke Gunnar Hanne Ilse Joris Kofi Lemlem Marit Nell Obi Pim Ruth Tomasz Walter",
     "Averill Bakker Brandt Brook Dahl Fenwick Hale Lind Marsh Novak O’Dell Petrie Quill Raman Reed Sol Tveit Vik Wren"),
    ("Анна Борис Вера Дмитрий Елена Иван Мария Юлия", "Белова Зимин Козлова Лебедев Орлова Соколов"),
    ("Ελένη Νίκος Σοφία Γιώργος", "Παππάς Δήμου Βλάχου"),
    ("ليلى مازن هدى رامي نور سلمى يوسف", "الحداد قاسم خليل النجار"),
    ("יעל דוד נועה אורי", "כהן לוי ברק"),
    ("आशा रवि मीना अर्जुन", "शर्मा पटेल राव"),
    ("สมชาย มาลี อรุณ", "ใจดี ศรีสุข"),
    ("Ngọc Minh Thảo", "Trần Nguyễn Phạm"),
)  # fmt: skip
_WHOLE_NAMES = (
    "佐々木 遥", "田中 みどり", "長谷川 葵", "木村", "まつり", "王小明", "李静", "陈雨", "김민지", "박서준", "이하은",
    "ნინო", "Աննա", "አበበ", "🦉", "🌊 tidewatcher", "Sunniva (the younger)", "Kees [west side]", "H.", "A reader",
)  # fmt: skip


class Writer:
    """Writes what nobody said; the same `random` writes the same."""

    def __init__(self, random: Random) -> None:
        words = WORDS.read_text(encoding="utf-8").split()
        self._random = random
        self._words = [word.replace("_", " ") for word in words]
        self._weights = list(accumulate(1 / (rank + 3) ** _STEEPNESS for rank in range(len(words))))

    def paragraphs(self, sentences: int) -> list[str]:
        """So many sentences, four or so to a paragraph."""
        pieces: list[str] = []
        while sentences > 0:
            together = min(sentences, 2 + int(self._random.random() * 4))
            pieces.append(" ".join(self._sentence() for _ in range(together)))
            sentences -= together
        return pieces

    def title(self) -> str:
        """A headline without its full stop."""
        return self._sentence()[:-1]

    def signature(self) -> Signature:
        """A name in one of many scripts."""
        random = self._random
        if random.random() < 0.15:
            checked = check_name(random.choice(_WHOLE_NAMES))
        else:
            firsts, lasts = _NAMES[0] if random.random() < 0.7 else random.choice(_NAMES)
            checked = check_name(f"{random.choice(firsts.split())} {random.choice(lasts.split())}")
        return Signature(checked.text, checked.key)

    def _sentence(self) -> str:
        random = self._random
        count = 4 + int(random.expovariate(0.12)) % 24
        words = random.choices(self._words, cum_weights=self._weights, k=count)
        if count > 12:
            words[count // 2] += ","
        text = " ".join(words)
        return text[0].upper() + text[1:] + _ENDS[int(random.random() * len(_ENDS))]
