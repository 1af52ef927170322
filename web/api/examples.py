"""Examples of what the API answers, made from its description."""

from typing import Any

_ID = "0195a1c2-7b1e-7c3a-9d55-2f1f0c6a8e10"
_BY_NAME: dict[str, Any] = {
    "slug": "employee-voices",
    "zone": "Europe/Berlin",
    "next": None,
    "detail": "Please choose one of these.",
    "code": "too_few_took_part",
    "text": "only 4 of 9 took part",
    "note": "counted, 7 of 9 took part",
    "numerator": 7,
    "denominator": 9,
    "people": 9,
    "value": 0.777778,
    "measure": "took_part_share",
    "phase": "Pilot",
    "cohort": "Pilot",
    "person": "Paula Pilot",
    "stands": "78 %, 67 %, 71 %",
    "asked": "At least 60 % took part in each of the last three months",
    "sentence": "One thing holds this gate shut: two more months have to be tracked.",
    **dict.fromkeys(("left_out", "ended_on", "paused_from_on", "waits_for"), None),
    **dict.fromkeys(("withheld", "overridden", "waits", "paused"), False),
    "evidence_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_BY_FORMAT: dict[str, Any] = {
    "date": "2027-03-16",
    "date-time": "2027-03-16T09:30:00Z",
    "uuid": _ID,
}
_BY_TYPE: dict[str, Any] = {
    "string": "…",
    "integer": 6,
    "number": 0.75,
    "boolean": True,
    "null": None,
    "object": {},
}


def example_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "") -> Any:
    """A value as the schema has it; one that the schema names itself comes first, then what such a name mostly holds."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name)
    if schema.get("examples") or name in _BY_NAME:
        return (schema.get("examples") or [_BY_NAME[name]])[0]
    several = schema.get("oneOf") or schema.get("anyOf")
    if several:
        something = [each for each in several if each.get("type") != "null"]
        return example_of((something or several)[0], schemas, name)
    if "properties" in schema:
        return {each: example_of(inside, schemas, each) for each, inside in schema["properties"].items()}
    return _plain(schema, schemas, name)


def _plain(schema: dict[str, Any], schemas: dict[str, Any], name: str) -> Any:
    kind = schema.get("type")
    if kind == "array":
        return [example_of(schema.get("items", {}), schemas, name)]
    if "enum" in schema or schema.get("format") in _BY_FORMAT:
        return schema["enum"][0] if "enum" in schema else _BY_FORMAT[schema["format"]]
    if kind == "string" and (name == "id" or name.endswith("_id")):
        return _ID
    if kind == "string" and name:
        return name.replace("_", " ").capitalize()
    return _BY_TYPE.get(kind if isinstance(kind, str) else "", "…")
