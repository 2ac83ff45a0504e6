"""A small tenant, with the objects that the contract's examples name."""

USER = {
    "id": 1000411001,
    "name": "Grace Okafor",
    "email": "grace@example.com",
    "type": "PARTNER_ADMIN",
    "customerId": 7000,
    "workspaceId": 7001,
    "permissions": ["GENERATE_TOKEN"],
    "createdTime": 1685435248000,
    "modifiedTime": 1784023371000,
}
COLLEAGUE = {**USER, "modifiedTime": 1685435248000, "permissions": []}
AGENT_ONE = {**COLLEAGUE, "id": 1000300411, "name": "Agent One", "email": "one@example.com"}
AGENT = {**COLLEAGUE, "id": 1000411018, "name": "Lukas Steiner", "email": "lukas@example.com"}
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
WRITER = {
    **CHAT,
    "accountId": 500012345,
    "accountType": "WHATSAPP_BUSINESS",
    "snType": "WHATSAPP_BUSINESS",
    "displayName": "Acme Messages",
}
FIELD = {"id": "62fc7b88b893784e3db68f06", "fieldName": "spr_uc_status", "assetTypes": ["UNIVERSAL_CASE"]}
ARTICLE = {
    "id": "66aa0011bb22cc33dd44ee55",
    "content": {
        "contentType": "KNOWN_ISSUE",
        "contentSubType": "KB_ARTICLE",
        "title": "How to return a parcel",
        "markUpText": "<p>Print the <b>label</b> &amp; drop the parcel.</p>",
    },
    "status": "APPROVED",
    "locale": "en",
    "publicContent": True,
    "tags": ["returns"],
    "createdTime": "Sep 01, 2026, 08:00:00 AM",
    "modifiedTime": "Oct 02, 2026, 09:15:10 AM",
}
DRAFT = {
    **ARTICLE,
    "id": "66aa0011bb22cc33dd44ee56",
    "content": {**ARTICLE["content"], "title": "Refund times", "markUpText": "<p>Five days.</p>"},
    "status": "DRAFT",
    "modifiedTime": "Oct 03, 2026, 09:15:10 AM",
}
MACRO = {
    "id": "59e49c76e4b0c2eeef6f3600",
    "name": "Close Case",
    "assetClass": "UNIVERSAL_CASE",
    "actions": {"CASE_REMOVE_QUEUE": ["104410"], "CASE_ADD_QUEUE": ["104596"], "EXECUTE_RULE": ["1"]},
    "idVsCustomPropertyDetails": {
        "spr_uc_status": {"actionType": "set", "assetType": "case", "values": ["Closed"]},
        "spr_uc_tag": {"actionType": "merge", "assetType": "case", "values": ["done"]},
    },
    "manualActionData": {"actions": {}, "mandatoryKeys": []},
    "deleted": False,
}
MANUAL_MACRO = {**MACRO, "id": "m2", "manualActionData": {"actions": {}, "mandatoryKeys": ["spr_uc_tag"]}}
JOURNEY = {"id": "66dd0011bb22cc33dd44ee55", "name": "Forgotten basket", "status": "ACTIVE"}
DEFINITION = {
    "id": "66f1c2d3e4f5061728394a00",
    "type": "_c_loyalty_member",
    "fields": [{"fieldName": "_c_points"}, {"fieldName": "_c_tier"}],
}
ASSET = {"id": "66f1d3e4f506172839405b6c", "name": "Go on in writing", "text": "Please write to us here."}
FORM = {"id": "f1", "name": "After a call about a delivery", "queueId": 104410, "type": "MANDATORY"}
SEED = {
    "users": [USER, AGENT, AGENT_ONE],
    "accounts": [
        CHAT,
        {**CHAT, "accountId": 700000124, "isActive": False},
        {**CHAT, "accountId": 700000125, "userPermissions": ["READ"]},
        WRITER,
    ],
    "campaigns": [{"id": "7001_12", "name": "Care", "archived": False}],
    "queues": [{"id": 104410, "name": "Delivery"}, {"id": 104596, "name": "Returns"}],
    "workspaces": [{"id": "7001", "name": "Acme Care"}, {"id": "7002", "name": "Acme Outlet"}],
    "profiles": [PROFILE],
    "cases": [CASE, OTHER_CASE, DELETED_CASE],
    "messages": [QUESTION, FOLLOW_UP, MENTION],
    "comments": [COMMENT, {**COMMENT, "id": "64e5febee06bd34894334001", "createdTime": 1763890002000}],
    "articles": [ARTICLE, DRAFT],
    "custom_fields": [FIELD],
    "macros": [MACRO, MANUAL_MACRO, {**MACRO, "id": "m3", "ownerUserId": 1000411001}],
    "work_queues": [{"id": "60ffcd2f5102d37ec10c3700", "workQueueName": "Live chat"}],
    "entity_definitions": [DEFINITION],
    "journeys": [JOURNEY, {**JOURNEY, "id": "j2", "status": "PAUSED"}],
    "assets": [ASSET],
    "wrap_up_forms": [FORM],
}
REPLY = {
    "inReplyToMessageId": QUESTION_ID,
    "accountId": 700000123,
    "content": {"text": "It comes tomorrow."},
    "taxonomy": {"campaignId": "7001_12"},
    "toProfile": VISITOR,
}
