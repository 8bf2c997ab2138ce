import type { ErrorDefinition } from "../definition.ts";

export const servicesErrors = {
  "services.storage.unknown_index": {
    code: 0x01010001,
    class: "PreconditionError",
    message: 'Index "%s" does not exist.',
  },
  "services.storage.unknown_collection": {
    code: 0x01010002,
    class: "PreconditionError",
    message: 'Collection "%s:%s" does not exist.',
  },
  "services.storage.get_limit_exceeded": {
    code: 0x01010003,
    class: "SizeLimitError",
    message:
      "More documents were asked for than one request may read (limits.documentsFetchCount). Use a smaller page, or a scroll.",
  },
  "services.storage.write_limit_exceeded": {
    code: 0x01010004,
    class: "SizeLimitError",
    message: "More documents were given than one request may write (limits.documentsWriteCount). Send smaller batches.",
  },
  "services.storage.import_failed": {
    code: 0x01010005,
    class: "PartialError",
    message: "Part of the documents could not be imported.",
  },
  "services.storage.no_multi_indexes": {
    code: 0x01010006,
    class: "BadRequestError",
    message: "This action takes a single index.",
  },
  "services.storage.no_multi_collections": {
    code: 0x01010007,
    class: "BadRequestError",
    message: "This action takes a single collection.",
  },
  "services.storage.incomplete_delete": {
    code: 0x01010009,
    class: "PartialError",
    message: "Part of the documents could not be deleted: %s",
  },
  "services.storage.not_found": {
    code: 0x0101000b,
    class: "NotFoundError",
    message: 'Document "%s" does not exist in "%s:%s".',
  },
  "services.storage.bootstrap_timeout": {
    code: 0x0101000c,
    class: "InternalError",
    message: "The storage was not ready within the allowed time; another node may be stuck while preparing it.",
  },
  "services.storage.version_mismatch": {
    code: 0x0101000d,
    class: "InternalError",
    message: "The storage engine has version %s, which is not supported.",
  },
  "services.storage.unknown_scroll_id": {
    code: 0x0101000e,
    class: "NotFoundError",
    message: 'Scroll "%s" does not exist or has expired.',
  },
  "services.storage.search_as_an_id": {
    code: 0x0101000f,
    class: "BadRequestError",
    message: '"_search" cannot be the id of a document.',
  },
  "services.storage.unknown_index_collection": {
    code: 0x01010010,
    class: "PreconditionError",
    message: "Neither the index nor the collection exist.",
  },
  "services.storage.document_already_exists": {
    code: 0x01010011,
    class: "BadRequestError",
    message: "A document with this id already exists.",
  },
  "services.storage.missing_argument": {
    code: 0x01010012,
    class: "BadRequestError",
    message: 'Missing argument "%s".',
  },
  "services.storage.invalid_argument": {
    code: 0x01010013,
    class: "BadRequestError",
    message: 'Argument "%s" is not valid. Expected: %s',
  },
  "services.storage.index_protected": {
    code: 0x01010014,
    class: "BadRequestError",
    message: 'Index "%s" belongs to the server and cannot be changed.',
  },
  "services.storage.invalid_mapping": {
    code: 0x01010015,
    class: "BadRequestError",
    message: 'Mapping property "%s" is not valid. Did you mean "%s"?',
  },
  "services.storage.collection_reserved": {
    code: 0x01010016,
    class: "BadRequestError",
    message: 'Collection name "%s" is reserved.',
  },
  "services.storage.no_routing": {
    code: 0x01010017,
    class: "BadRequestError",
    message: 'The field "_routing" is not allowed in a document.',
  },
  "services.storage.not_connected": {
    code: 0x01010018,
    class: "ExternalServiceError",
    message: "The storage engine cannot be reached.",
  },
  "services.storage.too_many_operations": {
    code: 0x01010019,
    class: "ExternalServiceError",
    message: "The storage engine has too many operations waiting. Try again later.",
  },
  "services.storage.cannot_change_mapping": {
    code: 0x0101001a,
    class: "BadRequestError",
    message: 'The type of field "%s" cannot change once it is set.',
  },
  "services.storage.duplicate_field_mapping": {
    code: 0x0101001b,
    class: "BadRequestError",
    message: 'Field "%s" is defined twice in the mapping.',
  },
  "services.storage.unexpected_properties": {
    code: 0x0101001c,
    class: "BadRequestError",
    message: 'Mapping parameter "%s" is not supported for field "%s".',
  },
  "services.storage.invalid_mapping_type": {
    code: 0x0101001d,
    class: "BadRequestError",
    message: 'Field type "%s" does not exist.',
  },
  "services.storage.wrong_mapping_property": {
    code: 0x0101001e,
    class: "BadRequestError",
    message: 'Mapping parameter "%s" has a wrong value.',
  },
  "services.storage.invalid_mapping_argument": {
    code: 0x0101001f,
    class: "BadRequestError",
    message: 'Mapping argument "%s" is not valid.',
  },
  "services.storage.too_many_changes": {
    code: 0x01010020,
    class: "ExternalServiceError",
    message: 'Document "%s" was changed by others too many times meanwhile. Raise "retryOnConflict" or try again.',
  },
  "services.storage.unexpected_bad_request": { code: 0x01010021, class: "BadRequestError", message: "%s" },
  "services.storage.unexpected_not_found": { code: 0x01010022, class: "NotFoundError", message: "%s" },
  "services.storage.unexpected_error": {
    code: 0x01010023,
    class: "ExternalServiceError",
    message: "The storage engine failed: %s",
  },
  "services.storage.no_mapping_found": {
    code: 0x01010025,
    class: "NotFoundError",
    message: 'No mapping was found for index "%s".',
  },
  "services.storage.index_already_exists": {
    code: 0x01010026,
    class: "PreconditionError",
    message: 'Index "%s" already exists, as a %s index.',
  },
  "services.storage.forbidden_character": {
    code: 0x01010027,
    class: "BadRequestError",
    message: 'A name holds a forbidden character: "%s".',
  },
  "services.storage.invalid_search_query": {
    code: 0x01010028,
    class: "BadRequestError",
    message: 'Search body member "%s" is not supported.',
  },
  "services.storage.invalid_index_name": {
    code: 0x01010029,
    class: "BadRequestError",
    message: 'Index name "%s" is not valid: use lower-case letters, digits, "-" and "_", at most 126 bytes.',
  },
  "services.storage.invalid_collection_name": {
    code: 0x0101002a,
    class: "BadRequestError",
    message: 'Collection name "%s" is not valid: use lower-case letters, digits, "-" and "_", at most 126 bytes.',
  },
  "services.storage.strict_mapping_rejection": {
    code: 0x0101002b,
    class: "BadRequestError",
    message: 'Field "%s" is not part of the strict mapping of "%s:%s".',
  },
  "services.storage.scroll_duration_too_great": {
    code: 0x0101002c,
    class: "BadRequestError",
    message: 'Scroll duration "%s" is longer than allowed (services.storageEngine.maxScrollDuration).',
  },
  "services.storage.unknown_query_keyword": {
    code: 0x0101002d,
    class: "BadRequestError",
    message: 'The query clause "%s" does not exist, or its value is not an object.',
  },
  "services.storage.incomplete_update": {
    code: 0x0101002e,
    class: "MultipleErrorsError",
    message: "Part of the documents could not be updated: %s",
  },
  "services.storage.invalid_query_keyword": {
    code: 0x0101002f,
    class: "BadRequestError",
    message: 'Query member "%s" is not allowed: only stored scripts may be used.',
  },
  "services.storage.multiple_indice_alias": {
    code: 0x01010030,
    class: "PreconditionError",
    message: 'The alias "%s" points to more than one physical %s.',
  },
  "services.storage.invalid_multi_index_collection_usage": {
    code: 0x01010031,
    class: "BadRequestError",
    message: 'One index and one collection must be named here. Use "targets" to search several.',
  },
  "services.storage.invalid_target_format": {
    code: 0x01010032,
    class: "BadRequestError",
    message: "A target names one index and an array of collections, without wildcards.",
  },
  "services.storage.wrong_es_static_settings_for_collection_recreation": {
    code: 0x01010033,
    class: "BadRequestError",
    message: 'Settings of collection "%s:%s" cannot be used to create it again.',
  },
  "services.cache.database_not_found": {
    code: 0x01030001,
    class: "NotFoundError",
    message: 'Cache database "%s" does not exist.',
  },
  "services.cache.read_failed": { code: 0x01030002, class: "InternalError", message: "The cache cannot be read: %s" },
  "services.cache.not_connected": {
    code: 0x01030003,
    class: "ServiceUnavailableError",
    message: "The cache cannot be reached.",
  },
  "services.cache.write_failed": {
    code: 0x01030004,
    class: "InternalError",
    message: "The cache cannot be written: %s",
  },
  "services.statistics.not_available": {
    code: 0x01040001,
    class: "InternalError",
    message: "Statistics are switched off (stats.enabled).",
  },
  "services.koncorde.elastic_translation_error": {
    code: 0x01050001,
    class: "BadRequestError",
    message: "The filter cannot be translated to a search query: %s (%s)",
  },
} as const satisfies Readonly<Record<string, ErrorDefinition>>;
