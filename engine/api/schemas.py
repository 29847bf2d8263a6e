"""JSON Schemas of what is said and answered, from the types that check and make it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import inspect

from engine.api.models import Identifier
from engine.service.reading import LONGEST_TEXT

REFERENCE = "#/components/schemas/"
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"
BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
Schema = dict[str, Any]
PLAIN: Mapping[type[inspect.Type], Schema] = {
    inspect.AnyType: {},
    inspect.BoolType: {"type": "boolean"},
    inspect.DateTimeType: {"type": "string", "format": "date-time"},
    inspect.DateType: {"type": "string", "format": "date"},
    inspect.NoneType: {"type": "null"},
}


class Schemas:
    """Schemas by name. What is said is closed, bounded, and may leave out what has a default; an answer is whole."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}
        self._names: dict[tuple[Any, bool], str] = {}

    def said(self, kind: Any) -> Schema:
        """The schema of something that callers say."""
        return self._of(inspect.type_info(kind), said=True)

    def answered(self, kind: Any) -> Schema:
        """The schema of something that is answered."""
        return self._of(inspect.type_info(kind), said=False)

    def said_field(self, field: inspect.Field) -> Schema:
        """The schema of one field of what callers say."""
        return self._field(field, said=True)

    def _of(self, kind: inspect.Type, *, said: bool) -> Schema:
        plain = PLAIN.get(type(kind))
        if plain is not None:
            return dict(plain)
        match kind:
            case inspect.Metadata():
                return {**self._of(kind.type, said=said), **(kind.extra_json_schema or {})}
            case inspect.StrType():
                return text(kind, said=said)
            case inspect.IntType() | inspect.FloatType():
                return number(kind)
            case inspect.StructType() | inspect.DataclassType():
                return self._object(kind, said=said)
        return self._made_of_others(kind, said=said)

    def _made_of_others(self, kind: inspect.Type, *, said: bool) -> Schema:
        match kind:
            case inspect.EnumType():
                return self._named(kind.cls, {"type": "string", "enum": [one.value for one in kind.cls]}, said=said)
            case inspect.LiteralType():
                return {"enum": list(kind.values)}
            case inspect.UnionType():
                parts = [self._of(one, said=said) for one in kind.types]
                return parts[0] if len(parts) == 1 else {"anyOf": parts}
            case inspect.ListType() | inspect.VarTupleType() | inspect.SetType() | inspect.FrozenSetType():
                return {"type": "array", "items": self._of(kind.item_type, said=said), **so_many(kind)}
            case inspect.DictType():
                return self._map(kind, said=said)
        raise TypeError(f"No schema is known for {kind}.")

    def _map(self, kind: inspect.DictType, *, said: bool) -> Schema:
        schema: Schema = {"type": "object", "additionalProperties": self._of(kind.value_type, said=said)}
        return {**schema, "propertyNames": self._of(kind.key_type, said=said)} if said else schema

    def _object(self, kind: inspect.StructType | inspect.DataclassType, *, said: bool) -> Schema:
        """An object with fields; one that names something has exactly one key."""
        schema: Schema = {"type": "object", "description": " ".join((kind.cls.__doc__ or "").split())}
        reference = self._named(kind.cls, schema, said=said)
        schema["properties"] = {one.encode_name: self._field(one, said=said) for one in kind.fields}
        required = [one.encode_name for one in kind.fields if one.required or not said]
        if required:
            schema["required"] = required
        if said:
            schema["additionalProperties"] = False
        if isinstance(kind, inspect.StructType) and issubclass(kind.cls, Identifier):
            schema |= {"minProperties": 1, "maxProperties": 1}
        return reference

    def _field(self, field: inspect.Field, *, said: bool) -> Schema:
        schema = self._of(field.type, said=said)
        has_default = said and field.default not in {msgspec.NODEFAULT, msgspec.UNSET, None}
        return {**schema, "default": msgspec.to_builtins(field.default)} if has_default else schema

    def _named(self, cls: Any, schema: Schema, *, said: bool) -> Schema:
        """A reference to the schema, kept under the name of its class; where that is taken, under one beside it."""
        key = (cls, said)
        if key not in self._names:
            name = getattr(cls, "__name__", None) or cls.__origin__.__name__
            arguments = getattr(cls, "__args__", ())
            name = "".join([name, *(f"Of{one.__name__}" for one in arguments)]).replace("View", "")
            if name in self.components and self.components[name] != schema:
                name = f"{name}Answered"
            self._names[key] = name
            self.components.setdefault(name, schema)
        return {"$ref": f"{REFERENCE}{self._names[key]}"}


def text(kind: inspect.StrType, *, said: bool) -> Schema:
    """A text; one that is said has its bounds, and no character that can't be sent to a platform."""
    if not said:
        return {"type": "string"}
    least = {} if kind.min_length is None else {"minLength": kind.min_length}
    return {"type": "string", **least, "maxLength": kind.max_length or LONGEST_TEXT, "pattern": PRINTABLE}


def so_many(kind: inspect.ListType | inspect.VarTupleType | inspect.SetType | inspect.FrozenSetType) -> Schema:
    """How many a list holds, where that is bounded."""
    bounds = {"minItems": kind.min_length, "maxItems": kind.max_length}
    return {name: bound for name, bound in bounds.items() if bound is not None}


def number(kind: inspect.IntType | inspect.FloatType) -> Schema:
    """A number within its bounds."""
    word = "integer" if isinstance(kind, inspect.IntType) else "number"
    return {"type": word, **{BOUNDS[name]: bound for name in BOUNDS if (bound := getattr(kind, name)) is not None}}
