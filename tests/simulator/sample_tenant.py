"""A small tenant, with the objects that the contract's examples name."""

USER = {
    "id": 1000411001,
    "name": "Grace Okafor",
    "email": "grace@example.com",
    "type": "PARTNER_ADMIN",
    "customerId": 7000,
    "workspaceId": 7001,
    "permissions": ["GENERATE_TOKEN"],
}
AGENT_ONE = {**USER, "id": 1000300411, "name": "Agent One", "email": "one@example.com", "permissions": []}
AGENT = {**USER, "id": 1000411018, "name": "Lukas Steiner", "email": "lukas@example.com", "permissions": []}
CHAT = {
    "accountId": 700000123,
    "accountType": "SPRINKLR_LIVE_CHAT",
    "snType": "SPRINKLR_LIVE_CHAT",
    "displayName": "Acme Chat",
    "accountUserId": "acme",
    "screenName": "acme",
    "isActive": True,
    "userPermissions": ["ALL"],
}
QUESTION_ID = "ACCOUNT_700000123_1763890000000_SPRINKLR_LIVE_CHAT_313_66bb0011bb22cc33dd44ee55"
VISITOR = {"channelType": "SPRINKLR_LIVE_CHAT", "channelId": "66bb0011bb22cc33dd44ee55"}
QUESTION = {
    "messageId": QUESTION_ID,
    "sourceType": "ACCOUNT",
    "sourceId": 700000123,
    "content": {"text": "Where is my parcel?"},
    "channelType": "SPRINKLR_LIVE_CHAT",
    "channelCreatedTime": 1763890000000,
    "senderProfile": VISITOR,
    "brandPost": False,
    "conversationId": "c1",
    "associatedCaseNumber": 20418877,
}
MENTION = {
    "messageId": "ACCOUNT_500012345_1727176970000_TWITTER_2_1838000000000000001",
    "sourceId": 500012345,
    "content": {"text": "Is anybody there?"},
    "channelType": "TWITTER",
    "channelCreatedTime": 1727176970000,
    "senderProfile": {"channelType": "TWITTER", "channelId": "155500001"},
}
FOLLOW_UP = {
    **QUESTION,
    "messageId": "ACCOUNT_700000123_1763890060000_SPRINKLR_LIVE_CHAT_313_77",
    "content": {"text": "Hello?"},
    "channelCreatedTime": 1763890060000,
}
CASE = {
    "id": "66f1a2b3c4d5e6f708192a3b",
    "caseNumber": 20418877,
    "subject": "Parcel not delivered",
    "version": 4,
    "status": "New",
    "workflow": {"customProperties": {"spr_uc_status": ["New"]}, "queues": [{"queueId": 104410}]},
    "contact": VISITOR,
    "createdTime": 1763890000500,
    "associatedBrandMessageCount": 0,
    "deleted": False,
}
OTHER_CASE = {
    **CASE,
    "id": "66f1a2b3c4d5e6f708192a3c",
    "caseNumber": 20418878,
    "createdTime": 1763890900500,
    "contact": {"channelType": "EMAIL", "channelId": "dana@example.com"},
}
DELETED_CASE = {**OTHER_CASE, "id": "66f1a2b3c4d5e6f708192a3d", "caseNumber": 4501877, "deleted": True}
COMMENT = {
    "id": "64e5febee06bd34894334000",
    "text": "Called twice.",
    "commentingUser": 1000411018,
    "createdTime": 1763890001000,
    "modifiedTime": 1763890001000,
    "entityType": "CASE",
    "entityId": "20418877",
}
PROFILE = {
    "id": "6710f4a2c9b1e70012ab34cd",
    "contact": {"email": "dana@example.com"},
    "profiles": [VISITOR, {"channelType": "TWITTER", "channelId": "155500001", "username": "Ilse Brandt"}],
}
SEED = {
    "users": [USER, AGENT, AGENT_ONE],
    "accounts": [
        CHAT,
        {**CHAT, "accountId": 700000124, "isActive": False},
        {**CHAT, "accountId": 700000125, "userPermissions": ["READ"]},
    ],
    "campaigns": [{"id": "7001_12", "name": "Care", "archived": False}],
    "queues": [{"id": 104410, "name": "Delivery"}, {"id": 104596, "name": "Returns"}],
    "workspaces": [{"id": "7001", "name": "Acme Care"}, {"id": "7002", "name": "Acme Outlet"}],
    "profiles": [PROFILE],
    "cases": [CASE, OTHER_CASE, DELETED_CASE],
    "messages": [QUESTION, FOLLOW_UP, MENTION],
    "comments": [COMMENT, {**COMMENT, "id": "64e5febee06bd34894334001", "createdTime": 1763890002000}],
}
REPLY = {
    "inReplyToMessageId": QUESTION_ID,
    "accountId": 700000123,
    "content": {"text": "It comes tomorrow."},
    "taxonomy": {"campaignId": "7001_12"},
    "toProfile": VISITOR,
}
