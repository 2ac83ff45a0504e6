"""Applying macros to cases. Knows rows of macros and the changes that a case can go through."""

from collections.abc import Mapping
from typing import Final

from ..answers import Answer, done, refused
from ..calls import Call, Handlers
from ..json_values import JsonObject, list_of, object_of, text_of, value_at
from .case_changes import Change, Merge, added, properties, queues, replaced, without
from .cases import changed


def apply_macros(call: Call) -> Answer:
    """Do what the macros say, to every named case; nothing if one of them can't be applied."""
    # Assumption A58: macros are applied at once and in their order; an unknown, deleted or unfit macro, and
    # one that wants values from a person, is a 400, and then nothing is changed.
    asset_class = text_of(call.fields["assetClass"])
    macros = [fit_macro(call, text_of(name), asset_class) for name in list_of(call.fields["macroIds"])]
    for key in list_of(call.fields["entityKeys"]):
        case = call.rows.find_by_number("cases", text_of(key))
        if case is None:
            # Assumption A59: the key of a case is its number, as in the sample; an unknown one is a 404.
            raise refused(404, f"{asset_class} {text_of(key)} not found")
        for macro in macros:
            case = applied(call, macro, case)
        call.rows.put("cases", changed(call, case, {}))
    return done()


def fit_macro(call: Call, identifier: str, asset_class: str) -> JsonObject:
    """The macro with this id, or a refusal."""
    macro = call.rows.find("macros", identifier)
    if macro is None or macro.get("deleted") is True:
        raise refused(400, f"Macro {identifier} not found")
    # Assumption A60: only cases have macros here; any other kind of object has none that fits.
    if macro.get("assetClass") != asset_class or asset_class != "UNIVERSAL_CASE":
        raise refused(400, f"Macro {identifier} is not for {asset_class}")
    manual = object_of(macro.get("manualActionData"))
    if manual.get("mandatoryKeys") or manual.get("actions"):
        raise refused(400, f"Macro {identifier} needs values for its manual actions")
    return macro


def applied(call: Call, macro: JsonObject, case: JsonObject) -> JsonObject:
    """A case after a macro."""
    # Assumption A61: `set`, `merge` and `remove` replace, add and take away values of a property; of the
    # actions the simulator carries out those on queues, and no rule.
    for name, details in object_of(macro.get("idVsCustomPropertyDetails")).items():
        change = PROPERTY_CHANGES.get(text_of(value_at(details, "actionType")))
        if change:
            case = change(call, case, {name: list_of(value_at(details, "values"))})
    for name, values in object_of(macro.get("actions")).items():
        if name in ACTIONS:
            case = queues(ACTIONS[name])(call, case, list_of(values))
    return case


PROPERTY_CHANGES: Final[Mapping[str, Change]] = {
    "set": properties(replaced),
    "merge": properties(added),
    "remove": properties(without),
}
ACTIONS: Final[Mapping[str, Merge]] = {"CASE_ADD_QUEUE": added, "CASE_REMOVE_QUEUE": without}

HANDLERS: Final[Handlers] = {
    ("POST", "/api/v2/macro/apply"): apply_macros,
}
