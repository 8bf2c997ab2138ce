import type { ErrorDefinition } from "../definition.ts";

export const validationErrors = {
  "validation.assert.missing_nested_spec": {
    code: 0x05010001,
    class: "PreconditionError",
    message: 'Specification of "%s" in "%s:%s" is missing.',
  },
  "validation.assert.unexpected_children": {
    code: 0x05010002,
    class: "PreconditionError",
    message: 'Field "%s" of type "%s" cannot have children.',
  },
  "validation.assert.missing_parent": {
    code: 0x05010003,
    class: "PreconditionError",
    message: 'The parent of field "%s" is not specified.',
  },
  "validation.assert.unexpected_properties": {
    code: 0x05010004,
    class: "PreconditionError",
    message: "Unexpected members in %s: %s",
  },
  "validation.assert.missing_type": {
    code: 0x05010005,
    class: "PreconditionError",
    message: 'Field "%s" in "%s:%s" has no type.',
  },
  "validation.assert.unknown_type": {
    code: 0x05010006,
    class: "PreconditionError",
    message: 'Field "%s" in "%s:%s" has the unknown type "%s".',
  },
  "validation.assert.missing_value": {
    code: 0x05010007,
    class: "PreconditionError",
    message: 'Field "%s": "multivalued" needs a member "value".',
  },
  "validation.assert.invalid_type": { code: 0x05010008, class: "PreconditionError", message: '"%s" must be %s.' },
  "validation.assert.not_multivalued": {
    code: 0x05010009,
    class: "PreconditionError",
    message: 'Field "%s": "%s" is only allowed when the field is multivalued.',
  },
  "validation.assert.invalid_range": {
    code: 0x0501000a,
    class: "PreconditionError",
    message: '"%s": %s must not be greater than %s.',
  },
  "validation.assert.invalid_specifications": {
    code: 0x0501000b,
    class: "BadRequestError",
    message: "The specification is not valid: %s",
  },
  "validation.assert.not_found": {
    code: 0x0501000c,
    class: "NotFoundError",
    message: 'There is no specification for "%s:%s".',
  },
  "validation.assert.invalid_filters": {
    code: 0x0501000d,
    class: "BadRequestError",
    message: "The validators are not valid filters: %s",
  },
  "validation.assert.incorrect_validation_format": {
    code: 0x0501000e,
    class: "InternalError",
    message: 'The stored specification of "%s" cannot be read.',
  },
  "validation.types.invalid_date_format": {
    code: 0x05020001,
    class: "PreconditionError",
    message: 'Date format "%s" does not exist.',
  },
  "validation.types.invalid_date": { code: 0x05020002, class: "PreconditionError", message: '"%s" is not a date.' },
  "validation.types.missing_enum_values": {
    code: 0x05020003,
    class: "PreconditionError",
    message: 'Type "enum" needs a non-empty array "values".',
  },
  "validation.types.invalid_geoshape": {
    code: 0x05020004,
    class: "PreconditionError",
    message: "Unknown shape type: %s",
  },
  "validation.types.missing_type_name": {
    code: 0x05020005,
    class: "PluginImplementationError",
    message: 'The validation type has no "typeName".',
  },
  "validation.types.missing_function": {
    code: 0x05020006,
    class: "PluginImplementationError",
    message: 'Validation type "%s" has no function "%s".',
  },
  "validation.types.already_exists": {
    code: 0x05020007,
    class: "PluginImplementationError",
    message: 'Validation type "%s" exists already.',
  },
  "validation.check.failed_document": {
    code: 0x05030001,
    class: "BadRequestError",
    message: "The document is not valid: %s",
  },
  "validation.check.failed_field": {
    code: 0x05030002,
    class: "BadRequestError",
    message: 'Field "%s" is not valid: %s',
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
