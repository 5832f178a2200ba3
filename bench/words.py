"""Texts that differ in words, as what people write does; about as compressible as prose."""

import random
from collections.abc import Sequence

_STEMS = """
act add aim air answer appear argu art ask back bank bear belong bind blam board bolt book border bound branch brand break
breath bridg build burn call camp car cast catch chain chang charg check claim class clean clear climb clock cloud coast
color column comfort command common concern consider cool corner count cover craft credit cross crowd curv custom danger
debat defend demand design differ direct doubt draft dream drift drill drink drop earn edit employ end escap event expect
fail fair farm father fear field fight figur fill film find fish fix flood floor flow fold follow forc form fram friend
front gain garden gather glass govern grain grant grass ground group grow guard guess guid hand harbour heat help highway
hold hous hunt imagin improv inform invent island join judg jump keep kick kind knock labour land laugh launch lead learn
letter level light limit list listen loan local lock market mark match matter measur meet member mend mention mind mist
model moral motor mountain mov nam nation neighbour normal north note number object offer open order owner paint paper
pardon part pass path pattern pay period pick pilot plan plant play point polic polish port present press print profit
prov publish pull push question quiet rain rais range reach read reason record reform regret relat remain repair repeat
report respect rest return ring risk river road rock roll roof roundabout rul sail sampl sand school scor search season
seat sell sens separat serv sett shad shap shar shelter ship shop shout show sign silenc silver singl sister skill sleep
sort sound space spark speak speed spell spring square staff stamp stand start stat station stay steam step stock ston
stop storm stranger stream street strong study subject suggest suit summer supply support surpris swim system talk target
task teach tell tend term test thank think thread tim tool touch tour tower town trac trad train travel treat trust turn
vari view village visit voic vot wait walk wall want warm wash watch water way weather weigh west wheel wild wind winter
wish wonder wood word work world worry write yard year young
""".split()
_ENDINGS = ("", "", "", "s", "ing", "ed", "er", "ers", "able", "ment", "ful", "ly")
_SMALL = "the a of and to in that it is was for on are as with they be at one have this from or had by but not what all were we when your can said there".split()
_NAMES = "Ada Björn Chidi Dolores Eun-ji Fatima Goran Hana Ines Jürgen Kwame Lena Mateo Nadia Oleg Priya Rosa Sören Tomás".split()


class Words:
    """A source of texts; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def name(self) -> str:
        """How somebody signs."""
        return self._random.choice(_NAMES)

    def comment(self) -> str:
        """A comment of 10 to 110 words; one in eight with a quotation, emphasis and a list."""
        length = max(10, min(110, int(self._random.expovariate(1 / 40))))
        text = self._sentences(length)
        if self._random.random() < 0.125:
            text += f"\n\n> {self._sentences(8)}\n\n*{self._word()}* and **{self._word()}**:\n\n- {self._word()}\n- {self._word()}"
        return text

    def paragraphs(self, count: int) -> str:
        """An article's text."""
        return "\n\n".join(self._sentences(70) for _ in range(count))

    def pick(self, places: Sequence[int]) -> int:
        """One of these."""
        return self._random.choice(places)

    def chance(self, share: float) -> bool:
        """True in this share of cases."""
        return self._random.random() < share

    def bytes(self, length: int) -> bytes:
        """Bytes that nobody had before."""
        return self._random.randbytes(length)

    def _word(self) -> str:
        if self._random.random() < 0.45:
            return self._random.choice(_SMALL)
        return self._random.choice(_STEMS) + self._random.choice(_ENDINGS)

    def _sentences(self, length: int) -> str:
        text, left = [], length
        while left > 0:
            size = min(left, self._random.randint(6, 18))
            text.append(" ".join(self._word() for _ in range(size)).capitalize() + ".")
            left -= size
        return " ".join(text)
