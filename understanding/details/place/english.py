"""English places: streets, houses by their name or kind, units of a building, lines, towns."""
# ruff: noqa: E501, SIM905 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

_EN_STREET = r"street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|way|terrace|square|crescent|gardens?|grove|villas?|heights|mansions?|boulevard|blvd|mews|highway|parade|quay|roundabout"
_EN_SITE = (
    r"hospital|surgery|clinic|pharmacy|school|college|university|nursery|library|station|mall|market|airport|terminal|supermarket|store|shop|restaurant|cafe|café|pub|hotel|inn|hostel|motel|bridge|estate|park|hall"
    r"|town hall|city hall|civic centre|civic center|community centre|community center|health centre|health center|leisure centre|leisure center|medical centre|medical center|shopping centre|shopping center|sports centre|sports center|service centre|service center|visitor centre|visitor center|tax centre|tax center|service hall|centre|center|tower|towers|house|building|village|district|borough|county|branch|plaza|garage|car park|parking lot|job centre|jobcentre|post office|apartments|residence|residences|compound|gym|stadium|church|bus stop|roundabout|underpass|junction|offices|playground|play area|pool|swimming pool|depot|recycling centre|crossing|subway|tunnel|canal|towpath|alley|cemetery|bus station|train station|tube station|allotments|marina|harbour|pier|beach|castle|cathedral|temple|mosque|museum|infirmary|academy|medical practice|primary school|primary|junior school|infants|high school|business centre|trading estate|theatre|cinema|food bank|tax office|benefits office|registry office|housing office|council offices|police station|railway station|fire station|ward|cross"
)
_UNIT = r"(?:ward|shop|stall|kiosk|pump|stairwell|stairway|exit|entrance|bay|carriage|coach|stand|zone|aisle|wing|pitch|line|flat|apartment|apt|unit|room|rm|suite|block|blk|building|bldg|tower|floor|terminal|gate|platform|level|lot|house|plot|door)(?: no\.?| number)?(?:\.? ?#?(?:[a-z]?-?[0-9]{1,5}(?:[-/]?[a-z])?)|\.? [a-h])(?![a-z0-9])"
_FLOOR = r"(?:the )?(?:[0-9]{1,2}(?:st|nd|rd|th)|ground|first|second|third|fourth|fifth|sixth|top) floor"
_EN_NUMBERED = re.compile(
    rf"(?<![a-z0-9])(?:(?:{_UNIT}|{_FLOOR})(?:,? (?:of |in )?(?:the )?)?){{0,3}}[0-9]{{1,5}}[a-z]?(?:-[0-9]{{1,4}})?,? (?:[a-z'.]{{2,15}} ){{1,3}}?(?:{_EN_STREET})(?![a-z])\.?(?:,? (?:{_UNIT}))?"
)
_EN_UNIT = re.compile(rf"(?<![a-z0-9])(?:{_UNIT}|{_FLOOR})(?:,? (?:of |in )?(?:{_UNIT}|{_FLOOR})){{0,3}}")
_EN_NAMED = re.compile(
    rf"(?<![A-Za-z])(?:(?:[A-Z][a-zA-Z'’.]{{1,20}}|[0-9]{{1,3}}(?:st|nd|rd|th)|of|the|and|&|de|St\.?) ){{0,4}}(?:[A-Z][a-zA-Z'’.]{{1,20}}|[0-9]{{1,3}}(?:st|nd|rd|th)) (?:{'|'.join(w.title() for w in (_EN_STREET + '|' + _EN_SITE).split('|'))}|{_EN_STREET}|{_EN_SITE})(?![A-Za-z]|-[A-Z])(?! (?:of|manager|staff))"
)
_EN_AFTER_PREPOSITION = re.compile(
    rf"(?<![a-z])(?:at|in|on|near|outside|inside|opposite|behind|from|to|by|over|across|around|along) (?P<place>(?:the |your |our |my )?(?:[a-z0-9'&-]{{2,15}} ){{1,3}}?(?:{_EN_STREET}|{_EN_SITE}))(?![a-z])"
)
#: Lines, buses and roads by name or number.
_EN_LINES = re.compile(
    r"(?<![A-Za-z0-9一-鿿])(?:(?:the )?(?:[Nn]umber |[Nn]o\.? ?)?[0-9]{1,3}[A-Za-z]? (?:bus|tram)(?! stop)(?![A-Za-z])|(?:[Tt]he )?(?!(?:Phone|Help|Power|Water|Gas|Customer|Hot|Your|The|My|Our|This|That|Bottom|Dead|Direct|Care|Land|In|On|At) )[A-Z][a-z]+ (?:[Ll]ine|[Bb]ranch line)(?![A-Za-z])|(?:the )?[ABM][0-9]{1,4}(?:\(M\))?(?![A-Za-z0-9一-鿿-])(?: (?:slip road|flyover|bypass|junction [0-9]{1,2}|services|(?:north|south|east|west)bound))?|(?:Interstate|Route|Highway|I)[ -][0-9]{1,3}(?![0-9]))"
)
#: Houses that every town has one of.
_EN_TOWN = re.compile(
    r"(?<![a-z])the (?:high street|town centre|city centre|main road|main street|village hall|town hall|city hall|community centre|leisure centre|health centre|medical centre|council offices?|civic centre|bus station|train station|railway station|police station|post office|swimming pool|recycling centre|job ?centre|car park|ring road|seafront|market square|market place|town square|sports centre|retail park|industrial estate|shopping centre|walk-in centre|registry office|housing office|benefits office|tax office|passport office|(?:hospital|village|corner|farm|gift|charity|school|station|airport|hotel|staff|works|museum|library|college|hostel) (?:shop|canteen|caf[eé]|car park|pharmacy|kiosk|toilets?|lobby|foyer|restaurant|bar|gym|pool|reception|playground|entrance|gates?))(?![a-z])"
)
#: "in Little Marston", "near Newbury".
_EN_TOWNS = re.compile(
    r"(?<![A-Za-z])(?:in|near|outside|around|opposite|behind|at|(?:speaking|calling|writing|ringing) from|top of|bottom of|foot of|end of|village of|town of|city of|via|through) (?P<place>[A-Z][a-z]{2,14}(?:(?: |-)(?:upon |on |under |le |the )?[A-Z][a-z]{2,14}){0,2})(?![A-Za-z'])(?! (?:[0-9]|at (?:the|[0-9])|[A-Z][a-z]+'s))"
)
_NO_TOWN = frozenset(
    "lost russian tamil japanese korean arabic portuguese italian turkish punjabi gujarati malay vietnamese thai dutch greek latin braille made pounds dollars monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december christmas easter english chinese welsh spanish french german polish hindi urdu bengali cantonese mandarin whatsapp facebook instagram twitter google teams zoom word excel pdf spring summer autumn winter diwali ramadan eid god person writing bank mum dad customer customers house hospital court".split()
)
#: What may stand in front of a street: "the Jobcentre on Duke Street", "church hall on Green Lane".
_EN_HEAD = re.compile(
    rf"(?:(?:[Tt]he |a )?(?:(?:[A-Z][\w'&-]+|bus|church|village|swimming|car|petrol|primary|secondary|medical|health|leisure|job|post|town|community|charity|corner|chip|betting) ){{0,2}}(?:[A-Z][\w'&-]+|{_EN_SITE}|shop|lights|flats|works|estate|surgery|stop|alley|lane|path|steps|stairs|bins|yard)) (?:on|in|at|off|of|by|behind|opposite|outside|beside|next to) (?:the )?$"
)
_EN_END_OF = re.compile(
    r"(?<![A-Za-z])(?:[Tt]he )?(?:end|top|bottom|foot|corner|entrance|back|front|side|middle) (?:of|to) (?:the )?$"
)
_EN_ALONE = re.compile(rf"(?:[a-z0-9'&-]+ ){{1,4}}(?:{_EN_STREET}|{_EN_SITE})\.?")
_EN_LEAD = re.compile(
    r"^(?:The|They|You|He|She|It|A|An|This|That|One|No|Every|Some|Many|Stop|At|In|On|From|To|Near|Outside|My|Our|Your|When|And|But|I|We|Then|Yesterday|Today|Hello|Hi|Dear)(?: the)? "
)
_DISTRICT = re.compile(
    r"(?:, ?(?!(?:I|We|You|He|She|They|It|The|My|Your|And|But|Please|Thanks|No|On|In|At|Is|There|Our|Mr|Mrs|Ms)\b)[A-Z][a-z]{2,15}(?: [A-Z][a-z]{2,15}){0,2}(?=[,.]|\s*$| [a-z]| [A-Z]{1,2}[0-9])){1,4}"
)
#: "3rd floor of the library"
_OF_SITE = re.compile(rf" (?:of|in|at) (?:the )?(?:[a-z'&-]+ ){{0,2}}?(?:{_EN_SITE})(?![a-z])")
#: "38 didnt stop at Grove Lane" is no address.
_TELLING = frozenset(["so", "don't", "dont", "please", "kindly", "then", "but", "you", "i", "we", "they", "it", "not", "can", "will", "on", "at", "near", "by", "to", "from", "stop", "stopped", "didnt", "was", "is", "were", "went", "and", "off", "for"])  # fmt: skip
_ALSO_VERBS = (" close", " drive", " park", " way", " square", " hall", " pub", " shop", " store")
_IMPERATIVES = frozenset(["Kindly", "Please", "Don't", "Dont", "So", "Can", "Could", "You", "I", "Now"])
_PREPOSITIONS = frozenset(
    ["on", "in", "at", "near", "by", "behind", "opposite", "outside", "inside", "off", "from", "to", "along"]
)
_EN_VAGUE = frozenset(["for", "black", "so", "don't", "please", "kindly", "the", "your", "our", "my", "a", "an", "this", "that", "same", "whole", "first", "next", "last", "main", "new", "other", "any", "every", "each", "no", "some", "one", "it", "is", "was", "were", "are", "be", "there", "here", "and", "or", "then", "went", "go", "got", "called", "back", "long", "all", "his", "her", "their", "way", "hard", "old", "best", "front", "only", "far", "right", "left", "phone", "fire", "opening", "data", "contact", "service", "help", "customer", "support", "wrong", "right", "nearest", "local", "entire", "empty", "big", "small", "little", "same", "busy", "nice", "opposite", "another", "own", "both", "two", "three", "neighbours", "neighbour's", "until", "till", "last", "few", "such", "good", "bad", "second", "third", "bigger", "better"])  # fmt: skip
#: "corner of mill lane and church st", "the junction of Oak Road and London Road"
_STREET_NAME = rf"(?:the )?(?:(?:[a-z0-9'-]{{2,15}} ){{1,3}}?(?:{_EN_STREET})(?![a-z])|(?:[0-9]{{1,3}}(?:st|nd|rd|th)|main)(?![a-z])|[abm][0-9]{{1,4}}(?![a-z0-9]))"
_EN_CROSSING = re.compile(
    rf"(?<![a-z])(?:(?:the )?(?:corner|junction|intersection|crossing) (?:of|at|between|with) )(?:{_STREET_NAME})\.? (?:and|&|with) (?:{_STREET_NAME})\.?|(?<![a-z])(?:{_STREET_NAME}) (?:and|&) (?:{_STREET_NAME})(?= (?:junction|corner|intersection|crossing))|(?<![a-z])(?:the )?(?:corner|intersection) of [a-z0-9]+(?: (?:st|ave|street))? (?:and|&) [a-z0-9]+(?: (?:st|ave|street))?(?![a-z])"
)
#: Indian ways: "4th Cross, Indiranagar", "Sector 21", "Phase 2".
_EN_INDIA = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:[A-Z][a-z]{3,} )?[0-9]{1,2}(?:st|nd|rd|th) (?:[Cc]ross|[Mm]ain|[Bb]lock|[Ss]tage|[Pp]hase)(?: [Rr]oad)?(?:, ?(?!on\b|in\b)[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)*|[Ss]ector[ -]?[0-9]{1,3}(?:-?[A-Za-z])?(?:,? ?(?:[Mm]etro [Ss]tation|[Mm]arket|[A-Z][a-z]+))?|[Pp]hase [0-9I]{1,3}(?:,? [A-Z][a-z]+)?)(?![A-Za-z])"
)
#: Singapore: "Blk 87 Bedok North St 2".
_EN_BLOCK = re.compile(
    r"(?<![A-Za-z])(?:[Bb]lk|[Bb]lock) [0-9]{1,4}[A-Z]?(?: [A-Z][a-z]+){1,3}(?: [0-9]{1,3}(?![0-9]))?"
)
#: Streets of other names ("23 Hollybush Rise", "No. 7 Jalan Besar"): behind a number or a preposition, with capitals.
_EN_OTHER_STREET = re.compile(
    r"(?<![A-Za-z0-9])(?:(?P<number>(?:[Nn]o\.? ?)?[0-9]{1,4}[A-Za-z]?,? )|(?:[Aa]t|[Oo]n|[Ii]n|[Oo]f|[Aa]long|[Dd]own|[Oo]ff|[Nn]ear|[Bb]ehind|[Oo]utside|[Ff]rom|[Uu]p|[Oo]pposite) (?:the )?|^(?=[A-Z][a-z' ]+[A-Z][a-z]+(?:,|\.?$)))"
    r"(?P<street>(?:[A-Z][a-z'.]+ ){1,3}(?:Rise|Hill|Walk|View|Row|Green|Vale|Mead|Meadows?|Fields?|Croft|Bank|End|Gate|Path|Passage|Yard|Wharf|Circus|Broadway|Cross|Wood|Lea|Garth|Dene|Brow|Fold|Loop|Trail|Pike|Place|Parkway|Expressway|Marg|Nagar|Chowk|Colony|Enclave|Vihar|Layout|Extension|Common|Heath|Lodge|Barn|Farm|Mill|Approach|Cottages?|Houses?|Point|Wynd|Strand|Embankment)|(?:Jalan|Lorong|Rua|Rue|Via|Calle) [A-Z][a-z]+(?: [A-Z][a-z]+)?)(?![A-Za-z'])"
)
#: "at the Meridian", "outside number 40", "at St Brannock's"
_EN_HOUSE = re.compile(
    r"(?<![A-Za-z])(?:at|in|outside|near|behind|opposite|inside|from|of|to|for|by) (?:(?P<house>the [A-Z][a-z'-]{2,14}(?: (?:& )?[A-Z][a-z'-]{2,14}){0,2})(?![A-Za-z'])|(?P<number>(?:number|no\.?) [0-9]{1,4}[a-z]?|(?<=outside )[0-9]{1,4}[a-z]? [A-Z][a-z]{3,14}|(?<=opposite )[0-9]{1,4}[a-z]? [A-Z][a-z]{3,14})(?![A-Za-z0-9])|(?P<saint>(?:A&E (?:at|in) )?St\.? [A-Z][a-z]+(?:'s?)?(?: [A-Z][a-z]+)?(?![A-Za-z])))(?! (?:bus|tram|Department|Government))"
)
#: "the steps by the war memorial", "the old gasworks site"
_EN_SPOT = re.compile(
    rf"(?<![a-z])(?:the |an? )?(?:(?!the |an? |of |and |at |in |on |to |by |was |is |my |from |for |with |got )[a-z'-]{{2,12}} ){{0,2}}(?:{_EN_SITE}|footbridge|steps|stairs|path|footpath|pavement|verge|lay-?by|ramp|slope|railings|bench|bin|zebra|lights|stop|shelter|racks?|kiosk|toilets?|passage|gate|fence|pylon|post|lamppost|streetlight|lane|skip) (?:by|over|under|beside|behind|opposite|next to|outside|in front of|between|at the (?:end|top|bottom|back|side|foot|corner) of|round the back of|across from) (?:the|our|my) (?:(?!and |is |was |has |of )[a-z'-]{{2,14}} ){{0,2}}?[a-z'-]{{3,14}}(?: (?:station|school|bridge|memorial|estate|park|street|road|centre|field|shop|office|stop|hall|club|court|house))?(?![a-z])"
    r"|(?<![a-z])the (?:[a-z]+ )?(?:towpath|footpath|path|steps|racks|platform|pavement|bench|bins|stairs|corridor|toilets?) (?:near|by|at|beside|outside|opposite) (?:lock|gate|exit|junction|number|no\.?|shop|unit|block|room|ward) [0-9]{1,3}[a-z]?(?![a-z0-9])"
    rf"|(?<![a-z])the (?:old|former|disused|derelict) (?:[a-z]+ )?(?:[a-z]+works|mill|quarry|factory|barracks|brewery|site|depot|cinema|pier|dairy|warehouse|railway yard|{_EN_SITE})(?: site)?(?![a-z])"
)
#: "Hotel Bellavista", "Extension 12, Soshanguve"
_EN_KIND_FIRST = re.compile(
    r"(?<![A-Za-z])(?:(?:Hotel|Hostel|Restaurant|Caf[eé]|Villa|Pension|Residencial?) [A-Z][a-z'-]{2,14}(?: [A-Z][a-z'-]{2,14})?|(?:Extension|Zone|Section|Barangay|Ward) [0-9]{1,3}, [A-Z][a-z]{3,15})(?![A-Za-z'])"
)
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}(?![A-Za-z0-9])")


def english_places(text: str, cased: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and confidence; ``cased`` is ``text`` with its capitals."""
    spans: list[tuple[int, int, float]] = []
    for match in _EN_NUMBERED.finditer(text):
        if not set(re.findall("[a-z]+", match[0])) & _TELLING:
            spans.append((*match.span(), 0.9))
    for match in _EN_CROSSING.finditer(text):
        spans.append((*match.span(), 0.9))
    for pattern in (_EN_INDIA, _EN_BLOCK, _EN_KIND_FIRST):
        spans += [(*match.span(), 0.8) for match in pattern.finditer(cased)]
    spans += _english_proper(cased)
    for match in _EN_AFTER_PREPOSITION.finditer(text):
        words = match["place"].split()
        inner = [row for row, word in enumerate(words) if word in _PREPOSITIONS]
        if inner:
            words = words[inner[-1] + 1 :]
        if len(words) < 2 or not all(word.isprintable() for word in words):
            continue
        start = match.end("place") - len(" ".join(words))
        if not all(word in _EN_VAGUE for word in words[:-1]) and not set(words[1:-1]) & (
            _EN_VAGUE - {"new", "old", "north", "long"}
        ):
            spans.append((start, match.end("place"), 0.7))
    for match in _EN_UNIT.finditer(text):
        of_site = _OF_SITE.match(text, match.end())
        spans.append((match.start(), of_site.end() if of_site else match.end(), 0.8))
    spans += _english_named(text, cased)
    spans += _english_spots(text, cased)
    spans = [(_headed(cased, _of(cased, start)), end, sure) for start, end, sure in spans]
    spans = [(start, _district(cased, start, end), sure) for start, end, sure in spans]
    for match in _POSTCODE.finditer(cased):
        spans.append((*match.span(), 0.8))
    yield from _joined(text, spans)


def _english_proper(cased: str) -> Iterator[tuple[int, int, float]]:
    """Streets and houses by names with capitals."""
    for match in _EN_NAMED.finditer(cased):
        if match[0].split()[0] in _IMPERATIVES and match[0].endswith(_ALSO_VERBS):
            continue
        lead = _EN_LEAD.match(match[0])
        start = match.start() + (lead.end() if lead else 0)
        said = cased[start : match.end()].split()
        if len(said) >= 2 and said[0] not in ("I'm", "It's", "He's", "She's", "That's"):
            yield start, match.end(), 0.9


def _english_named(text: str, cased: str) -> Iterator[tuple[int, int, float]]:
    """Lines and roads, the houses of every town, towns and villages, and a place said alone."""
    for match in _EN_LINES.finditer(cased):
        yield *match.span(), 0.8
    for match in _EN_TOWN.finditer(text):
        yield *match.span(), 0.7
    for match in _EN_TOWNS.finditer(cased):
        words = match["place"].lower().split()
        if not set(words) & _NO_TOWN and (len(words) > 1 or words[0] not in _EN_VAGUE):
            yield *match.span("place"), 0.6
    alone = _EN_ALONE.fullmatch(text.strip())
    if alone and len(text) < 50:
        words = re.findall("[a-z]+", text)
        if not set(words) & (_EN_VAGUE | _PREPOSITIONS | _TELLING):
            start = len(text) - len(text.lstrip())
            yield start, start + len(text.strip(" .")), 0.6


def _english_spots(text: str, cased: str) -> Iterator[tuple[int, int, float]]:
    """Streets with other words for a street, houses by name or number, and spots by what is near."""
    for match in _EN_OTHER_STREET.finditer(cased):
        yield match.start("number" if match["number"] else "street"), match.end(), 0.8
    for match in _EN_HOUSE.finditer(cased):
        if not match["house"] or not set(match["house"].lower().split()) & _NO_TOWN:
            yield *match.span(match.lastgroup or "house"), 0.6
    for match in _EN_SPOT.finditer(text):
        yield *match.span(), 0.6


def _of(cased: str, start: int) -> int:
    """Where "the end of Harbour Lane" begins for "of Harbour Lane"; behind a lone "of"."""
    start += 3 if cased.startswith("of ", start) else 0
    head = _EN_END_OF.search(cased, max(0, start - 24), start)
    return head.start() if head else start


def _headed(cased: str, start: int) -> int:
    """Where the house before a street begins ("the Jobcentre on Duke Street")."""
    if not cased[start : start + 1].isupper():
        return start
    head = _EN_HEAD.search(cased, max(0, start - 48), start)
    if head is None or head[0].split()[0].lower() in ("i", "live", "it", "we", "stuck"):
        return start
    first = head.start()
    if cased[first - 1 : first].isalpha() or (
        head[0].split()[0][0].isupper()
        and first == 0
        and head[0].count(" ") <= 2
        and head[0].split()[0] != "The"
    ):
        return start
    return first


def _district(cased: str, start: int, end: int) -> int:
    """The end of an address with its named parts ("24/B, Gandhi Nagar, Jaipur"); only behind a number."""
    if not any(char.isdigit() for char in cased[start:end]):
        return end
    more = _DISTRICT.match(cased, end)
    return more.end() if more else end


def _joined(text: str, spans: list[tuple[int, int, float]]) -> Iterator[tuple[int, int, float]]:
    current: tuple[int, int, float] | None = None
    for start, end, sure in sorted(spans, key=lambda span: (span[0], -span[1])):
        if current and start < current[1]:
            current = (current[0], max(current[1], end), current[2])
        elif current and re.fullmatch(r",? (?:of |in |at |on )?(?:the )?|,", text[current[1] : start]):
            current = (current[0], end, max(sure, current[2]))
        else:
            if current:
                yield current
            current = (start, end, sure)
    if current:
        yield current
