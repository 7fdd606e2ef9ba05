"""Checks calls against botocore's own models of the services.

Reads lines of JSON: {"service", "operation", "params", "output"?}. Writes one line of JSON a problem, then a line
{"checked": calls, "operations": [...]}. A request is judged by botocore.validate.ParamValidator; of requests and answers alike,
members that the model does not have, enums, patterns, lengths and ranges are judged as well, which ParamValidator does not.
"""

import base64
import datetime
import json
import re
import sys

import botocore.session
from botocore.validate import ParamValidator

SESSION = botocore.session.get_session()
MODELS = {}


def model_of(service):
    if service not in MODELS:
        MODELS[service] = SESSION.get_service_model(service)
    return MODELS[service]


def revived(value):
    if isinstance(value, list):
        return [revived(each) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$time"}:
        return datetime.datetime.fromtimestamp(value["$time"], datetime.timezone.utc)
    if set(value) == {"$bytes"}:
        return base64.b64decode(value["$bytes"])
    if set(value) == {"$number"}:
        return float(value["$number"])
    return {key: revived(each) for key, each in value.items()}


PLAIN = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "timestamp": (datetime.datetime, int, float),
    "blob": (bytes, str),
}


def problems(value, shape, path):
    kind = shape.type_name
    if kind == "structure":
        if not isinstance(value, dict):
            yield f"{path}: {type(value).__name__} is no structure"
            return
        for name in shape.required_members:
            if name not in value:
                yield f"{path}.{name}: is required"
        for name, each in value.items():
            if each is None:
                continue
            if name not in shape.members:
                yield f"{path}.{name}: the model has no such member"
            else:
                yield from problems(each, shape.members[name], f"{path}.{name}")
        if shape.is_tagged_union and len(value) != 1:
            yield f"{path}: is a union and has {len(value)} members"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{path}: {type(value).__name__} is no list"
            return
        yield from within(len(value), shape, path, "members")
        for i, each in enumerate(value):
            yield from problems(each, shape.member, f"{path}[{i}]")
    elif kind == "map":
        yield from within(len(value), shape, path, "entries")
        for key, each in value.items():
            yield from problems(key, shape.key, f"{path} key")
            yield from problems(each, shape.value, f"{path}[{key}]")
    elif kind in PLAIN:
        if not isinstance(value, PLAIN[kind]) or (isinstance(value, bool) and kind != "boolean"):
            yield f"{path}: {value!r} is no {kind}"
            return
        if kind == "string":
            yield from within(len(value), shape, path, "characters")
            # What the model lists is what it knew when it was written, but all that we send is known.
            if shape.enum and value not in shape.enum:
                yield f"{path}: {value!r} is none of {', '.join(shape.enum)}"
            pattern = shape.metadata.get("pattern")
            if pattern and not matches(pattern, value):
                yield f"{path}: {value!r} does not match {pattern}"
        elif kind in ("integer", "long", "float", "double"):
            yield from within(value, shape, path, "")


def matches(pattern, value):
    try:
        return re.search(pattern, value) is not None
    except re.error:
        # Java's own syntax, such as \p{IsLetter}.
        return True


def within(size, shape, path, what):
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield f"{path}: {size} {what} are fewer than {low}".replace("  ", " ")
    if high is not None and size > high:
        yield f"{path}: {size} {what} are more than {high}".replace("  ", " ")


def check(call):
    operation = model_of(call["service"]).operation_model(call["operation"])
    params = revived(call["params"])
    shape = operation.input_shape
    if shape is None:
        if params:
            yield "request", "the operation takes nothing"
    else:
        report = ParamValidator().validate(params, shape)
        if report.has_errors():
            yield "request", report.generate_report()
        for problem in problems(params, shape, "request"):
            yield "request", problem
    output = revived(call.get("output"))
    if output is None:
        return
    if operation.output_shape is None:
        if output:
            yield "answer", f"the operation answers nothing, but was {output!r}"
    else:
        for problem in problems(output, operation.output_shape, "answer"):
            yield "answer", problem


def main():
    seen, count = set(), 0
    for line in sys.stdin:
        call = json.loads(line)
        name = f"{call['service']}.{call['operation']}"
        seen.add(name)
        count += 1
        for side, problem in check(call):
            print(json.dumps({"call": name, "side": side, "problem": problem}))
    print(json.dumps({"checked": count, "operations": sorted(seen)}))


if __name__ == "__main__":
    main()
