import { didYouMean, isPlainObject, kerror } from "../../../../kernel/index.ts";
import type { Settings } from "../../document-store.ts";

/** First parts of the names of index settings that Elasticsearch and OpenSearch have. */
const known: ReadonlySet<string> = new Set(
  `
  allocation analysis analyze auto_expand_replicas blocks check_on_startup codec creation_date data_path
  default_pipeline fielddata final_pipeline format frozen gc_deletes hidden highlight indexing knn lifecycle
  load_fixed_bitset_filters_eagerly mapper mapping mappings max_adjacency_matrix_filters
  max_docvalue_fields_search max_inner_result_window max_ngram_diff max_refresh_listeners max_regex_length
  max_rescore_window max_result_window max_script_fields max_shingle_diff max_slices_per_scroll max_terms_count
  merge mode number_of_replicas number_of_routing_shards number_of_shards optimize_auto_generated_id percolator
  plugins priority provided_name queries query query_string recovery refresh_interval replication requests
  routing routing_partition_size routing_path search shard similarity soft_deletes sort store time_series
  translog unassigned uuid verified_before_close version warmer write
  `
    .trim()
    .split(/\s+/),
);

/** Refuses settings whose names are nearly those of others: they would do nothing. Error: `services.storage.unexpected_bad_request`. */
export function refuseMisspelt(settings: Settings): void {
  const { index, ...others } = settings;
  const names = [...Object.keys(others), ...(isPlainObject(index) ? Object.keys(index) : [])];
  for (const name of names) {
    const [first = ""] = name.replace(/^index\./, "").split(".");
    const hint = known.has(first) ? "" : didYouMean(first, known);
    if (hint !== "")
      throw kerror("services.storage.unexpected_bad_request", `There is no index setting "${first}".${hint}`);
  }
}
