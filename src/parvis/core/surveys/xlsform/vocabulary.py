"""The words of XLSForm that forms have: types of questions, columns, settings."""

from __future__ import annotations

from parvis.core.surveys.model import Kind

KINDS = {
    "text": Kind.TEXT,
    "phone number": Kind.TEXT,
    "phonenumber": Kind.TEXT,
    "email": Kind.TEXT,
    "string": Kind.TEXT,
    "integer": Kind.INTEGER,
    "int": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "date": Kind.DATE,
    "today": Kind.DATE,
    "time": Kind.TIME,
    "datetime": Kind.DATE,
    "dateTime": Kind.DATE,
    "select one": Kind.ONE,
    "select all that apply": Kind.SEVERAL,
    "geopoint": Kind.POINT,
    "gps": Kind.POINT,
    "location": Kind.POINT,
    "geotrace": Kind.LINE,
    "geoshape": Kind.AREA,
    "photo": Kind.PHOTO,
    "image": Kind.PHOTO,
    "note": Kind.NOTE,
    "range": Kind.DECIMAL,
    "acknowledge": Kind.YES_NO,
    "trigger": Kind.YES_NO,
}
NO_TITLE = "data"
"""What the library calls a form whose file gives it no title."""
UNDERSTOOD = {
    "name",
    "type",
    "label",
    "hint",
    "bind",
    "choices",
    "children",
    "control",
    "itemset",
    "list_name",
    "parameters",
    "query",
    "_dynamic_default",
    "actions",
}
CONTROLS = {"appearance", "jr:count", "bodyless"}
"""What a question says of its looks that is told apart, or of which there is nothing to tell."""
SETTINGS = {
    "type",
    "name",
    "title",
    "id_string",
    "sms_keyword",
    "default_language",
    "version",
    "children",
    "choices",
    "instance_id",
    "omit_instanceID",
    "entity_version",
}
"""What a document holds that forms have, or have no need of: who reads the rest may have counted on it (« public_key »)."""
WRITTEN = {
    "constraintMsg": "constraint_message",
    "requiredMsg": "required_message",
    "readonly": "read_only",
    "calculate": "calculation",
    "count": "repeat_count",
    "entities:saveto": "save_to",
}
"""Columns under the names that whoever wrote the file knows, where the library has others."""
META = {"instanceID", "instanceName"}
TRUE = {"yes", "true", "true()", "1", "oui", "vrai"}
FALSE = {"", "no", "false", "false()", "0", "non", "faux"}
