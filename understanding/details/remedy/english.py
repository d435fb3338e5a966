"""Wishes in English clauses."""
# ruff: noqa: E501, SIM905 -- a row of a word table stays one line

from __future__ import annotations

import re

_EN_DEED = r"sorted|solved|solution|refund(?:ed)?|money back|compensat(?:e|ed|ion)|apolog(?:y|ise|ize)|sorry|replac(?:e|ed|ement)|repair(?:ed|s)?|fix(?:ed)?|mend(?:ed)?|sort(?:ed)?(?: (?:it|this|out))?|resolv(?:e|ed)|explain|explanation|answers?|investigat(?:e|ed|ion)|look(?:ed)? into|clean(?:ed)?(?: up)?|remov(?:e|ed)|cancel(?:led|ed)?|credit(?:ed)?|reimburs(?:e|ed|ement)|restor(?:e|ed)|reconnect(?:ed)?|deliver(?:ed)?|collect(?:ed)?|stop(?:ped)?|disciplin(?:e|ed)|sack(?:ed)?|fired|retrain(?:ed)?|correct(?:ed|ion)?|amend(?:ed)?|reimbursed|waiv(?:e|ed)|reduc(?:e|ed)|return(?:ed)?|upgrade|discount|call(?:ed)? (?:me )?back|call me|send|someone (?:to )?(?:come|out)|respond|reply|response|written|receipt|new (?:one|card|part|unit|bill|bin|meter|copy)|sent(?: out)?|resend|reprint|(?:my|our) [a-z]{2,12}(?: [a-z]{2,12})? back|back on|change(?:d)?|fill(?:ed)? in|finish(?:ed)?|done|right|working|action|closure|put right|get back to me|unblock|unlock|reissue|issue|approve|process|pay(?:out)?|paid|payment|install(?:ed)?|inspect(?:ed|ion)?|move(?:d)?|something done|dealt with|heat(?:ing)?|power|hot water"
_EN_WANT = re.compile(
    rf"(?<![a-z])(?:(?:i|we)(?: just| really| only| simply| now| also| at least| don't)*(?:'d| would| do)? ?(?:just )?(?:want|like|need|demand|expect|request|insist on|deserve|am asking for|are asking for|ask for|hope for|hope|appreciate|be grateful for|be happy with|accept|settle for)|(?:i'm|i am|we're|we are) (?:just |only )?(?:asking|looking|after|hoping|demanding|requesting)|all i want|all we want|what i want|(?:can|could|would|will) (?:you|someone|somebody|they|i|we|anybody)(?: please| just)?|please|pls|plz|kindly|give (?:me|us)|send (?:me|us|someone)|get (?:me|it|this|someone|them|my)|just|make (?:them|him|her|sure)|let's have|you (?:should|must|need to|have to)|they (?:should|must|need to|ought to)|somebody should|someone (?:should|needs to)|(?:needs?|want|wants) (?:this|that|it|my|the|these)|at the very least|i'll take|i would accept|i'd accept|i'd settle for)(?![a-z])(?:(?![,.!?;])[^\n]){{0,50}}?(?<![a-z])(?:{_EN_DEED})(?![a-z])"
)
_EN_BARE = re.compile(
    r"^(?:(?:just|and|plus|or|at least|only|ideally|maybe|either) )*(?:(?:a|an|my|the|full|partial|proper|written|formal|sincere|immediate|some|public|face-to-face|simple) )*(?:refund|apology|compensation|replacement|repair|explanation|money back|discount|credit|reimbursement|new one|answer)(?: (?:please|pls|would do|will do|now|in full|(?:for|of) (?!.*(?:never|arriv|not|yet|still|pending)).{1,30}|and .{1,40}|from .{1,30}))*$|^(?:just |simply |at least |first |then |now )?(?:refund|fix|repair|replace|cancel|compensate|return|remove|reimburse|reconnect|unblock|sort|sack|fire|discipline|retrain|apologi[sz]e to|stop|clean|restore|release|waive|investigate|arrange|send|pay|give) (?:me|it|this|my|the|them|us|that|him|her|those|these|our|all|out|back|someone|somebody)(?![a-z])"
)
_EN_NOT = re.compile(
    r"(?<![a-z])(?:refus(?:ed|e|es|ing)|den(?:y|ied)|promis(?:ed|es)|won't|wouldn't|did(?:n't| not)|no |never|without|said (?:they|he|she)|told|keep saying|can't get|couldn't|was(?:n't| not)|they will|they'd|still waiting for|has(?:n't| not)|have(?:n't| not))(?![a-z])"
)
#: Openings of a wish, whatever the deed is; then what the person only wants to say or know.
_EN_OPEN = re.compile(
    r"(?<![a-z])(?:(?:i|we)(?:'d| would)? (?:just |only |really |simply |also |now )*(?:want|like|need|demand|expect|wish|insist|request|hope|prefer|love|rather (?:have|get|be|you))(?![a-z])|all (?:i|we)(?:'m| am|'re| are)? (?:want|ask|need|asking)(?: for)?(?: is)?(?![a-z])|(?:what|the only thing|the least) (?:i|we|you|they)(?:'d| would| could| can)? (?:really )?(?:want|like|need|ask|do)(?: for)?(?: now)? is|my (?:wish|request|demand|hope) is|(?:any|is there a|is there any) (?:chance|way|possibility) (?:of|you|i|we|to|that)|how about (?=an? |my |some|giving|sending|replacing)|is it possible (?:to|for)|(?:could|can|would|will) (?:you|someone|somebody|they)(?: please| kindly| at least| just)?(?= )|(?:could|can|may) (?:i|we)(?: please| at least| just)? (?:have|get|be|swap|exchange|return|claim)(?![a-z])|(?:could|can|would) (?:the|my|our|this|that|those|these) [a-z0-9£$€.' ]{2,40}? be [a-z]{3,}|would it be possible|would you mind|(?:you|they|the council|the company|the bank|the landlord|management|someone|somebody)(?: really| all)? (?:should|must|ought to|needs? to|has to|have to)(?![a-z])|i'm asking|i am asking|i ask (?:that|you|for)|let's get|(?:i )?hope (?:you|they|someone)|(?:i|we)(?:'d| would| will|'ll)? (?:also |still |only |just )?(?:settle for|be (?:very |so |really |most )?(?:grateful|thankful|obliged|happy|pleased) (?:if|for|to have)|appreciate (?:it if|an?)|suggest|propose|recommend)|it (?:would|'d) be (?:good|great|nice|lovely|helpful|appreciated|better) (?:if|to have|to get)|if (?:you|someone|somebody|they) (?:could|would)(?: please| just| kindly)?(?= )|(?:what|all) (?:we|i|it|this [a-z]+) (?:really |badly )?needs? is|nothing (?:less|short) (?:than|of)|(?:i|we) (?:really |do |just )?(?:think|believe|feel) (?:that )?(?:the|this|that|these|those|my|our|your) [a-z' ]{2,30}? (?:should|ought to|needs? to|must) (?!have|be able|know)[a-z]+|there (?:should|ought to|needs to|must) be (?:an?|more|some|better|proper|enough)|why (?:not|don't you|don't they) (?=put|add|build|install|send|give|replace|fix|let|move|make|open|use|have an?))"
)
_EN_SAYS_ONLY = re.compile(
    r"(?:want|like|need|wish|hope|prefer|love|expect|request|demand|insist)(?: you)?(?: to| on)? (?:know|complain|report|speak|talk|say|ask|make|raise|file|lodge|register|check|see (?:the|my)|hear|thank|praise|commend|cancel my|withdraw|change my|correct|add|update|tell|understand|help|a human|a person|an agent|someone real|to be clear|that (?:clear|known)|nothing|more information|info|advice|directions|it (?:noted|recorded)|find out|be (?:anonymous|honest)|remain|stay|start|go back|follow up|chase|them all|leave|give (?:you|a|feedback|my)|rate|suggest|point|mention|share|confirm|submit|appeal|dispute|close my)(?![a-z])|(?:can|could|would|will) (?:you|someone|they)(?: please| just| kindly)? (?:tell|explain why|hear|speak|talk|help|check|understand|see|read|confirm|repeat|say|translate|switch|connect|transfer|change|delete|believe|imagine|look up|find|show|be|even|not|remind|write in|do|answer|keep my|close|withdraw|cancel my|stop (?:asking|repeating)|put me|give me (?:an update|the|a human|a person))(?![a-z])|(?:can|could|may) (?:i|we)(?: please| at least| just)? (?:have|get|be) (?:a (?:human|person|minute|word|copy of|reference|case)|help|the (?:number|name|address)|an update|some help|anonymous|transferred|connected)|(?<!there )(?:should|must|need to|have to|has to|needs to|ought to)(?: all)? (?:have|be ashamed|be (?:a|an|able|able to|more|ashamed|joking|kidding|mad|mistaken|wrong|there|here)|know|see|hear|think|feel|wait|pay|go|queue|stand|come back|try|live|use|walk|bring|show|provide|sit|understand|call|ring|get off|drive|carry|climb|say)(?![a-z])|is it possible to (?:know|see|check|speak|talk|report|complain|cancel|change|remain|stay)|any (?:chance|way) (?:of|to) (?:an update|news|speak|talk|know|check)|way (?:to|i can|you can) (?:know|check|see|talk|speak|contact|report|track|go back)"
)
#: What is wanted of the conversation, not of those it is about.
_EN_OF_US = re.compile(
    r"(?<![a-z])(?:my (?:identity|personal [a-z]+|(?<!reopen my )(?<!reconsider my )(?<!review my )(?<!review of my )case|regards|thanks|sincere|rating)|give (?:[a-z]+ )?my (?:name|number)|(?:name|identify|expose|record) me|(?:it was|is|back to) me|write down my|complaint|complaints|ticket|this form|form|bot|chat|conversation|english|spanish|french|mandarin|cantonese|hindi|chinese|german|polish|language|an agent|agent|human|a person|real person|anonymous(?:ly)?|anonymity|my name (?:off|out|left|to be kept|kept)|nobody (?:to )?know|question|questions|step by step|my data|on file|keep on file|transferred|connected|connect me|put (?:us|me) through|withdraw|quit|exit|start again|from the start|beginning|my (?:last )?answer|statement|summary|description|thank|praise|good feedback|reward|medal|commend|rap|sing|joke|cab|a job|job (?:offer|vacanc|opening|interview)|hiring|the investigation|pass (?:on|this)|my last|not to say|nothing)(?![a-z])"
)
#: Verbs that begin an order; those of the second row are nouns as well and need a determiner after them.
_ORDERS = r"put|turn|move|get|pay|correct|make|let|take|give|send|bring|mend|open|build|install|add|widen|lower|hire|ban|inspect|empty|clear|unblock|drop|scrap|reverse|reopen|hand|knock|replace|refund|remove|cancel|clean|restore|waive|compensate|reimburse|apologi[sz]e|deliver|collect|reconnect|sort|discipline|retrain|sack|fire|fill in|paint|resurface|reinstate|credit|deduct|chase|arrange|enforce|tow|close down|shut down|investigate|keep|treat|sweep|grit|salt|rehouse|relocate|unlock|unfreeze|release|honou?r|write off|wipe|price-match|upgrade|rebook|reschedule|resend|reissue|provide|retract|withdraw|suspend|dismiss|warn|take down|pull down|tear down|knock off|clear up|tidy|rebuild|reroute|unclog|seal|insulate|rewire|extend|hold|push|find(?= (?:my|our|the) (?!case|complaint|ticket))|raise|increase|look at|look into|monitor|prune|chop|repaint|reprint|recalculate|rebate|allow|ensure|consider|prove|speak to|talk to|have a word with|crack down on|own up to|stick to|come and|come out and|come round and|bring back|sort out|hurry up and|replaster|redo|rewrite|backdate|re-?test|recheck|calibrate|secure|fence off|board up|dig up|swap out|switch (?:off|on|me|it)|stop|grant|issue|return|end"
_NOUN_ORDERS = r"lift|fix|repair|cut|trim|fine|service|test|rod|plaster|check|match|swap|train|cover|mark|label|review|light|charge|drain|seal|wash|exchange|support|police|patrol|ticket"
_DETERMINER = r"it|this|that|them|him|her|these|those|me|us|my|our|the|an?|your|his|their|all|both|each|every|another|whatever|last|next|something|someone|somebody"
_EN_ORDER = re.compile(
    rf"^(?:please |kindly |just |simply |and |then |now |at least |either |or |so |also |first |ideally )*(?:(?:cancel|stop|apologi[sz]e|repair|replace|return|collect)(?: it| this)? and )?(?:(?:{_ORDERS}) (?:(?:{_DETERMINER}|his|some|more|any|up|on|off|back|down|for|in|to|dogs|people|out|rid|good|safe|one|two|twenty|thirty|fifty|half|those|extra|proper|better|new|full)(?![a-z])|[£$€])|(?:{_NOUN_ORDERS}) (?:{_DETERMINER})(?![a-z]))"
    r"|^(?:please|kindly) (?:have|get) .{2,40} [a-z]{3,}(?:ed|d|paid|done|cut|put|built|swept|sent)(?![a-z])|^(?:please |just )*get (?:rid|the|my|our|it|this|that|someone|somebody|them|an?)(?![a-z])"
    r"|^(?:please |just )*have (?:it|this|that|them|the [a-z]+|my [a-z]+) (?:[a-z]+ed|seen|done|put|cut|taken|made|sent|sorted)(?![a-z])|^(?:please |just )*have (?:someone|somebody|him|her|them|an? (?!good|nice|pleasant|great|lovely)[a-z]+) [a-z]+|^(?:please |kindly |just )*do (?:something about(?! my case)|the (?:needful|right|decent)|your bit|better)(?![a-z])"
)
#: What is needed, owed or due, and wishes without their subject.
_EN_DUE = re.compile(
    r"^(?:i'm|i am|we're|we are) (?:claiming|demanding|requesting|seeking|expecting) (?!a call)|^(?:it|this|that|the [a-z ]{2,24}?) (?:really |badly |just )?needs? (?:a |an )?[a-z]+ing(?![a-z])|^you (?:still )?owe (?:me|us)(?![a-z])|^(?:i'm|i am|we're|we are) (?:owed|due|entitled to) |^(?:i|we) (?:should|ought to|must|deserve to) be (?:paid|compensated|refunded|reimbursed|given|moved|offered)(?![a-z])"
    r"|^(?:would like|requesting|demanding|seeking|hoping for|looking for|wanting|want|need) (?:an?|my|our|the|some|full|him|her|them|it|this|that)(?![a-z])|^(?:an?|some|the) [a-z ]{2,24} (?:wouldn't hurt|wouldn't go amiss|would (?:do|help|suffice|be fine|be a start))"
)
_EN_ORDER_NOT = re.compile(
    r"^(?:please |just |and |then |now |so )*(?:let me (?:know|think|see|check|speak|talk|explain|start|rephrase|go|try|add)|give me (?:a (?:human|person|minute|second|moment|sec|break|call number)|the number|an? agent|a (?:hug|joke|recipe|link|list|summary|hint)|options|your)|get me (?:a|an|to) (?:human|person|agent|manager|someone)|make (?:(?:it|that)(?! (?:right|good|safe|work|up|clear))|a (?:complaint|note|report|suggestion|joke))|take (?:(?:it|this|that)(?! (?:off|down|away)(?![a-z]))|me|your|a|care) ?(?:back|out|seriously|time|deep)?|put me|put (?:it|that|this) (?:under|in|down|through|as)|send (?:it|this|that) (?:to|off|in|now|through)|get (?:on|off|out|lost|this straight|back to)|keep (?:it|my|me|this|going|the case)|stop (?:it|this|that|asking|a )|(?:cancel|close|drop|scrap|end|stop|reopen|withdraw|delete|remove|review|add|correct|fix|change|edit) (?:it|this|that|the|my) ?(?:complaint|case|chat|conversation|ticket|form|request|report|one|detail|details|address|phone|number|name|date|time|spelling|line|description|entry|draft|$)|let (?:him|her|them|people|customers|residents|parents) |write me|add (?:a|an|that|this|to|my|the)|review (?:the|my) (?:case|result)|hand (?:on|over)|open (?:the|a|my) (?:case|complaint|ticket|door|new)|end (?:of|the)|bring (?:me|it) (?!back)|turn (?:left|right|to)|treat )"
)
_EN_RETURNED = re.compile(
    r"^(?:please |just )?stop (?!asking|messaging|repeating|talking|writing|transferring|telling|passing|giving|storing|using|sending(?! (?:me|us|my|our|him|her|them)(?: [a-z]+){0,2} (?:letters?|bills?|demands?|reminders?|statements?|texts?|emails?|invoices?|parcels?|junk|mail|marketing|leaflets?))|dragging|delaying|wasting)[a-z]+ing(?![a-z])|^(?:the|this|that|these|those|my|our|your) [a-z' ]{2,30}? (?:should|must|ought to|needs? to|has to|have to) be (?:[a-z]+ed|made|put|cut|sent|paid|given|taken|done|sacked|shut|built|swept)(?![a-z])|(?<![a-z])is all (?:i|we) (?:want|ask|need|am asking)|^(?:an?|some|the) [a-z ]{2,30} would be (?:nice|appreciated|welcome|great|good|a start|enough)$|^(?:someone|somebody) to [a-z]+ |^could (?:the|our|my) (?:council|company|landlord|shop|bank|hospital|school|manager|office|supplier|provider|team|city|agency|operator|developer) (?:please )?[a-z]+"
    r"|^(?:i'm|i am|we're|we are) (?:hoping|asking|after) (?:for |(?=an? ))(?!help|advice|information|some)"
    r"|^(?:i want |just )?(?:my|our) [a-z ]{2,24} (?:returned|refunded|back|reinstated|restored|repaid)(?: in full| asap| please| now| today| immediately)*$|^(?:an?|some|my|the) [a-z ]{2,24} and (?:an?|some|my|the) (?:full |proper |written )?(?:apology|refund|explanation|replacement|compensation)$|^(?:a|an|some|full|proper|half)(?: [a-z]+)? (?:apology|refund|replacement|explanation|compensation) (?:and|or|would|will)(?![a-z])"
)
#: Words before an object that begin no order: the closed classes, verbs of saying and thinking, and past tenses.
_NO_ORDER = frozenset(
    "about above across after against all along although always am amid among an and another any anyway are around as at away back be because been before behind being below beneath beside besides between beyond both but by can could despite did do does down during each either enough even ever every except few for from half hardly has have hence how however if in inside into is it its just least less like likewise many may maybe meanwhile might more most must my near nearly neither never no nobody none nor not nothing now of off often on once one only onto opposite or other otherwise our out outside over past per perhaps plus probably quite rather regarding same seldom shall should simply since so some somehow sometimes soon still such than that the their then there therefore these they this those though through throughout till to today tomorrow tonight too toward towards twice under underneath unless unlike until unto up upon usually very via was we were what when whenever where whereas wherever whether which while who whoever whose why will with within without would yesterday yet"
    " monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december"
    " ate beat became began bit blew bought broke brought built burnt came caught chose cost cut dealt drove dug fell felt fought found flew forgot froze gave got grew had heard held hid hit hurt kept knew laid lay led left lent lied lit lost made meant met paid put ran rang read rode said sang sat saw sent set shook shot shut slept sold spent spoke spat stole stood stuck struck swore swept sprang taught threw told took thought understood wept went woke won wore wrote"
    " also at either first ideally just kindly no ok okay oh or please right simply so um ur yeah yep yes eh er mb well abeg oga hi hello dear sorry sir madam mate po goodbye thx cheers you yuh u again later almost whatever wrong rare cheaper dearer tore spun"
    " zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand"
    " advise await bear hold proceed continue select choose enter confirm stay respond accept find see verify"
    " submit discard inform transfer teach assist fast enquire"
    " abandon attach bless bloody conceal damn delete discontinue disregard edit expedite fancy fetch finish forget fuck hide hurry ignore include leave mark pass play recommend remind rush save scratch screw shove skip sod speed stick suck summarise throw withhold"
    " agree allow answer appreciate ask assume believe blame call check consider contact delay describe email enjoy excuse expect explain feel find forgive guess hate help hope imagine keep know listen live love mail mean mention message mind miss note notice pardon phone praise read reckon remember repeat report ring rate say see show speak start state suppose suspect talk tell text thank think translate treat trust try understand upload use visit wait walk want watch whatsapp wish wonder work write".split()
)
#: An order of any verb: it has its object, and no verb that tells.
_EN_VERB_FIRST = re.compile(
    r"^(?:please |kindly |just |simply |and |then |also |at least |either |or |so |first |ideally |maybe )*(?P<verb>[a-z]{2,}(?:-[a-z]+)?) (?:(?:the|my|our|your|his|her|their|these|those|them|him|us)(?![a-z'])|(?:it|this|that|an?) (?!please|now|pls|then|ok|la|off|out|up|alone|one|tho)(?=[a-z]))(?P<rest>.*)$"
)
_EN_PLEASE = re.compile(r"^(?:please|kindly) (?P<verb>[a-z]{3,})(?![a-z'])(?P<rest>.*)$")
_EN_TELLS = re.compile(
    r"(?<![a-z])(?<!who )(?<!that )(?<!which )(?<!what )(?<!how )(?<!where )(?:was|were|had|did|didn't|wasn't|has|hasn't|have|haven't|is|isn't|are|aren't|i|we|i've|i'm|we've)(?![a-z'])"
)
#: "don't let that man near my house again"
_EN_FORBIDS = re.compile(
    r"^(?:please |just |and |so )*(?:don't|dont|do not) (?!worry|know|think|care|want|need|have|like|mind|understand|remember|bother|get|tell|ask|give me|be |say|call|contact|ring|phone|email|text|share|use my|pass|mention|reveal|disclose|publish|store|keep my|see|feel|recall|work|forget|you|we|they|i |make me|waste|send me|believe|trust|speak|talk|transfer|put me|submit|cancel|close|file|register|start|go|do|answer|expect|live|even|really|see|look|seem|show|come|take (?:my|it|this))[a-z]+ (?=[a-z])"
)
_EN_FIRST = re.compile(
    r"^(?:(?:so|and|but|then|ok|look|well|also|anyway|now|either|abeg|oga|sir|madam|guys|hence|therefore) )+"
)
#: "160 quid and I want it back": a wish in the second half of its clause.
_EN_SECOND = re.compile(r" (?:and|so|but|now|now then|therefore|hence) $")
#: "a new bin please", "delay repay please"
_EN_THING = re.compile(
    r"^(?:(?:an?|some|my|our) (?!moment|minute|second|sec|hand|help|break|list|copy|chat|option|menu|link|question|number|name|word|while|lot|bit)[a-z' -]{3,30}|(?:[a-z]+ )?(?:repay|refunds?|rebate|credit)) (?:please|pls|plz)$"
)


def english_wish(clause: str) -> tuple[int, float] | None:
    """Where a wish begins in a clause of folded text, and how sure it is one."""
    lead = _EN_FIRST.match(clause)
    offset = lead.end() if lead else 0
    wanted = _EN_WANT.search(clause, offset)
    if wanted and not _EN_NOT.search(clause[: wanted.end()]):
        earlier = _EN_OPEN.search(clause, offset)
        return (min(wanted.start(), earlier.start()) if earlier else wanted.start()), 0.9
    if wish := _english_open(clause, offset):
        return wish
    if _EN_BARE.search(clause[offset:]) and not _EN_OF_US.search(clause, offset):
        return offset, 0.7
    return None


def _english_open(clause: str, offset: int) -> tuple[int, float] | None:
    """Where a wish with any deed begins, and how sure it is one."""
    match = _EN_OPEN.search(clause, offset)
    if _EN_OF_US.search(clause, offset):
        return None
    if (
        match
        and (match.start() - offset <= 12 or _EN_SECOND.search(clause, 0, match.start()))
        and len(clause.split()) - len(clause[: match.end()].split()) >= 1
    ):
        if _EN_SAYS_ONLY.search(clause, match.start()) or _EN_NOT.search(clause, 0, match.start()):
            return None
        return match.start(), 0.6
    bare = clause[offset:]
    if (
        _EN_RETURNED.search(bare)
        or _EN_DUE.search(bare)
        or _EN_FORBIDS.match(bare)
        or _EN_THING.match(bare)
        or _any_order(bare)
        or (_EN_ORDER.match(bare) and not _EN_ORDER_NOT.match(bare))
    ):
        return offset, 0.6
    return None


def _any_order(clause: str) -> bool:
    """Whether a clause orders with a verb of no list ("re-read the meter", "close the account")."""
    order = _EN_VERB_FIRST.match(clause) or _EN_PLEASE.match(clause)
    if order is None or _EN_ORDER_NOT.match(clause) or _EN_TELLS.search(order["rest"]):
        return False
    verb = order["verb"]
    tense = verb.endswith(("ing", "ly")) or (verb.endswith("ed") and verb not in ("need", "feed", "speed"))
    plural = verb.endswith("s") and not verb.endswith("ss")
    return verb not in _NO_ORDER and not tense and not plural
