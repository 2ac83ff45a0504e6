"""The brand's channels: their accounts, message types, paces and ids. Knows no texts."""

from dataclasses import dataclass

from seed_maker.chance import Chance

_TWITTER_EPOCH = 1_288_834_974_657


@dataclass(frozen=True)
class Channel:
    """One way to talk to the brand."""

    name: str
    type: str
    account: int
    code: int
    minutes: float
    """How long an answer takes, as a rule."""
    public: bool = False


CHANNELS = {
    channel.name: channel
    for channel in (
        Channel("x mention", "TWITTER", 700000101, 7, 95, public=True),
        Channel("x message", "TWITTER", 700000101, 2, 70),
        Channel("facebook comment", "FACEBOOK", 700000103, 27, 110, public=True),
        Channel("facebook message", "FACEBOOK", 700000103, 28, 60),
        Channel("instagram comment", "INSTAGRAM", 700000104, 309, 120, public=True),
        Channel("instagram message", "INSTAGRAM", 700000104, 311, 60),
        Channel("whatsapp", "WHATSAPP_BUSINESS", 700000105, 346, 35),
        Channel("whatsapp europe", "WHATSAPP_BUSINESS", 700000106, 346, 35),
        Channel("email", "EMAIL", 700000107, 36, 420),
        Channel("email invoices", "EMAIL", 700000108, 36, 600),
        Channel("chat", "SPRINKLR_LIVE_CHAT", 700000109, 313, 2.5),
    )
}


def channel_message_id(channel: Channel, moment: int, chance: Chance) -> str:
    """Return an id as the channel itself would give it."""
    match channel.type:
        case "TWITTER":
            return str((moment - _TWITTER_EPOCH << 22) | chance.randrange(1 << 22))
        case "FACEBOOK":
            return (
                f"{chance.digits(15)}_{chance.digits(15)}"
                if channel.public
                else f"m_{chance.hexadecimal(24)}"
            )
        case "INSTAGRAM":
            return f"18{chance.digits(15)}"
        case "WHATSAPP_BUSINESS":
            return f"wamid.{chance.hexadecimal(28).upper()}"
        case _:
            return chance.object_id(moment)


def message_id(channel: Channel, moment: int, native: str) -> str:
    """Return the platform's id of a message: its source, time, channel, type and the channel's own id."""
    return f"ACCOUNT_{channel.account}_{moment}_{channel.type}_{channel.code}_{native}"


def permalink(channel: Channel, username: str, native: str) -> str | None:
    """Return the public address of a message, if it has one."""
    if not channel.public:
        return None
    match channel.type:
        case "TWITTER":
            return f"https://x.com/{username}/status/{native}"
        case "FACEBOOK":
            return f"https://www.facebook.com/{native}"
        case _:
            return f"https://www.instagram.com/p/{native}/"
