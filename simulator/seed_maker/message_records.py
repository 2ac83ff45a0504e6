"""Writes the messages of a case, in the shape of the bulk read."""

from dataclasses import dataclass

from seed_maker.chance import DAY, FIRST_HOUR, HOUR, LAST_HOUR, MINUTE, NOW, Chance, chance_for
from seed_maker.channels import Channel, channel_message_id, message_id, permalink
from seed_maker.people import channel_profile
from seed_maker.planning import Plan
from seed_maker.texts import Account, Record, Texts, Turn
from seed_maker.wording import fill, html_text, plain_text

_CAMPAIGNS = {"delivery": "7001_13", "advice": "7001_14"}
_DEFAULT_CAMPAIGN = "7001_12"
_SLOW_TOPICS = ("delivery", "refund", "warranty")


@dataclass(frozen=True)
class Written:
    """A message, and what the case needs to know of it."""

    record: Record
    id: str
    moment: int
    turn: Turn


def write_messages(plan: Plan, texts: Texts) -> list[Written]:
    """Return the messages of a case up to now, oldest first."""
    chance = chance_for("messages", plan.number)
    thread = _thread(plan, chance)
    written: list[Written] = []
    for turn, moment in _timed(plan, texts, chance):
        written.append(_message(plan, turn, moment, thread, written, texts, chance))
    return written


def _timed(plan: Plan, texts: Texts, chance: Chance) -> list[tuple[Turn, int]]:
    moment = plan.start
    automatic = Turn(who="automatic", text=texts.phrases.languages[plan.person.language].automatic)
    timed: list[tuple[Turn, int]] = []
    for position, turn in enumerate(plan.turns):
        if position:
            moment = _after(moment, _pause(plan, turn, chance), plan.channel, chance)
        if moment > NOW - MINUTE:
            break
        timed.append((turn, moment))
        if position == 0 and plan.automatic:
            moment += chance.randint(1500, 6000)
            timed.append((automatic, moment))
    return timed


def _pause(plan: Plan, turn: Turn, chance: Chance) -> int:
    if turn.hours is not None:
        return int(turn.hours * HOUR)
    slower = 1.0 if turn.who == "brand" else 0.7
    pause = int(plan.channel.minutes * slower * chance.lognormvariate(0, 0.8) * MINUTE)
    if _is_outcome(plan, turn):
        pause += chance.randint(20 * HOUR, 60 * HOUR)
    return pause + chance.randint(8000, 50_000)


def _is_outcome(plan: Plan, turn: Turn) -> bool:
    """Tell whether the customer reports how it turned out: parcels and banks need a day or two."""
    last = plan.scenario.turns[-1]
    return turn == last and last.who == "customer" and plan.scenario.topic in _SLOW_TOPICS


def _after(moment: int, pause: int, channel: Channel, chance: Chance) -> int:
    """Put off until the morning what would be written at night, unless both sides are in a chat."""
    moment += pause
    hour = moment % DAY // HOUR
    chatting = channel.minutes < 10 and pause < HOUR
    if chatting or FIRST_HOUR <= hour < LAST_HOUR:
        return moment
    morning = moment - moment % DAY + FIRST_HOUR * HOUR + (DAY if hour >= LAST_HOUR else 0)
    return morning + chance.randrange(2 * HOUR)


def _thread(plan: Plan, chance: Chance) -> str:
    """Return the conversation's id as the channel gives it; a public one is named after its first message."""
    if plan.channel.public:
        return channel_message_id(plan.channel, plan.start, chance)
    if plan.channel.type in ("EMAIL", "SPRINKLR_LIVE_CHAT"):
        return chance.object_id(plan.start)
    return f"{plan.person.channel_id(plan.channel.type)}-{plan.channel.account}"


def _message(
    plan: Plan, turn: Turn, moment: int, thread: str, earlier: list[Written], texts: Texts, chance: Chance
) -> Written:
    channel = plan.channel
    native = thread if channel.public and not earlier else channel_message_id(channel, moment, chance)
    identity = message_id(channel, moment, native)
    received = moment + chance.randint(400, 2500)
    record: Record = {
        "sourceType": "ACCOUNT",
        "sourceId": channel.account,
        "content": _content(plan, turn, earlier, texts, chance),
        "channelMessageId": native,
        "channelType": channel.type,
        "accountType": _account(plan, texts).accountType,
        "channelCreatedTime": moment,
    }
    record |= _sides(plan, turn, native, texts)
    record |= {"language": plan.person.language, "messageId": identity}
    record |= _standing(plan, turn, earlier, received, chance) | {"conversationId": thread}
    if channel.public and earlier:
        record["parentMessageId"] = earlier[-1].id
    record |= {"autoImported": False, "autoResponse": turn.who == "automatic"}
    return Written(record | {"associatedCaseNumber": plan.number}, identity, moment, turn)


def _sides(plan: Plan, turn: Turn, native: str, texts: Texts) -> Record:
    """Return who wrote to whom and, in public, where it can be read."""
    account = _account(plan, texts)
    brand = _brand_profile(account)
    customer = channel_profile(plan.person, plan.channel.type, full=False)
    sender, receiver = (customer, brand) if turn.who == "customer" else (brand, customer)
    sides: Record = {"senderProfile": sender, "receiverProfile": receiver}
    link = permalink(plan.channel, str(sender["username"]), native)
    return sides | {"permalink": link} if link else sides


def _account(plan: Plan, texts: Texts) -> Account:
    return next(account for account in texts.brand.accounts if account.accountId == plan.channel.account)


def _standing(plan: Plan, turn: Turn, earlier: list[Written], received: int, chance: Chance) -> Record:
    workflow: Record = {"modifiedTime": received + 1000, "customProperties": {}, "spaceWorkflows": []}
    if turn.who == "customer":
        workflow["queues"] = [{"queueId": plan.queue, "assignmentTime": received + 800}]
    else:
        workflow["queues"] = []
        workflow["campaignId"] = _CAMPAIGNS.get(plan.scenario.topic, _DEFAULT_CAMPAIGN)
    standing: Record = (
        {} if turn.who == "customer" else {"postId": 700_000_000_000_000 + chance.randrange(10**10)}
    )
    standing |= {"brandPost": turn.who != "customer", "createdTime": received}
    standing["modifiedTime"] = received + chance.randint(100, 900)
    insights = {"POST_REACH_COUNT": float(chance.randint(2, 900))} if plan.channel.public else {}
    return standing | {
        "textEntities": {},
        "insights": insights,
        "workflow": workflow,
        "enrichments": {"sentiment": _sentiment(plan, turn, earlier), "flaggedWords": _NOTHING_FLAGGED},
    }


_NOTHING_FLAGGED: Record = {"allFlaggedWords": [], "messageFlaggedWords": []}


def _sentiment(plan: Plan, turn: Turn, earlier: list[Written]) -> int:
    """Return the scenario's mood, and a good one towards the end of a solved case."""
    if turn.who != "customer":
        return 0
    solved = plan.status == "Closed" and len(earlier) > 0.6 * len(plan.turns)
    return 1 if solved else plan.scenario.mood


def _brand_profile(account: Account) -> Record:
    return {
        "name": account.displayName,
        "channelType": account.snType,
        "channelId": account.accountUserId,
        "username": account.screenName,
    }


def _content(plan: Plan, turn: Turn, earlier: list[Written], texts: Texts, chance: Chance) -> Record:
    text = plain_text(plan, turn, texts.phrases)
    content: Record = {}
    if plan.channel.type == "EMAIL":
        subject = fill(plan.scenario.subject, plan.slots)
        content["title"] = f"Re: {subject}" if earlier else subject
    rich = plan.html and turn.who != "automatic"
    if rich:
        others = [message.turn for message in earlier if message.turn.who not in (turn.who, "automatic")]
        quoted = plain_text(plan, others[-1], texts.phrases) if others else None
        markup = html_text(plan, turn, text, quoted)
        # Some mailboxes hand the HTML over as the text itself.
        content |= {"text": markup} if plan.number % 3 == 0 else {"text": text, "richText": markup}
    else:
        content["text"] = text
    if turn.attachment:
        content["attachment"] = _attachment(plan, turn.attachment, texts, chance)
    return content | {"isRichText": rich}


def _attachment(plan: Plan, kind: str, texts: Texts, chance: Chance) -> Record:
    choice = chance.choice(texts.attachments[kind])
    title = fill(choice["title"], plan.slots)
    address = f"https://example.com/media/{chance.hexadecimal(16)}"
    attachment: Record = {
        "url": f"{address}/{title.replace(' ', '%20')}",
        "previewUrl": f"{address}/preview.jpg",
    }
    return attachment | {"type": choice["type"], "title": title}
