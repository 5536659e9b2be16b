"""What a statement may be made of: kinds of nodes, functions and types, by the names of DuckDB's own parser (1.5).

Everything that is not in a row here is refused, what a later DuckDB may add included.
"""

from __future__ import annotations

from typing import Final

QUERIES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})
TABLES: Final = frozenset({"BASE_TABLE", "EMPTY", "EXPRESSION_LIST", "JOIN", "PIVOT", "SUBQUERY", "TABLE_FUNCTION"})
MODIFIERS: Final = frozenset(
    {"DISTINCT_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER"}
    | {"ORDER_DEFAULT", "ASCENDING", "DESCENDING"}
)
TYPE_SHAPES: Final = frozenset(
    {"DECIMAL_TYPE_INFO", "LIST_TYPE_INFO", "ARRAY_TYPE_INFO", "STRUCT_TYPE_INFO", "GENERIC_TYPE_INFO"}
)
EXPRESSIONS: Final = frozenset(
    {
        "BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT", "FUNCTION", "LAMBDA",
        "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY", "WINDOW",
    }
)  # fmt: skip

TABLE_FUNCTIONS: Final = frozenset({"generate_series", "range", "unnest"})

_FUNCTIONS: Final = {
    "operators": "+ - * / // % ^ ** & | || ~ << >> @ ! !__postfix ~~ !~~ ~~* !~~* ~~~ ^@ -> ->> <-> <=> && @> <@ "
    "like_escape not_like_escape ilike_escape not_ilike_escape",
    "tests": "coalesce nullif if ifnull error constant_or_null greatest least typeof pg_typeof grouping grouping_id",
    "numbers": "abs acos acosh add asin asinh atan atan2 atanh bit_count cbrt ceil ceiling cos cosh cot degrees divide even "
    "exp factorial fdiv floor fmod gamma gcd greatest_common_divisor isfinite isinf isnan lcm least_common_multiple lgamma "
    "ln log log10 log2 mod multiply nextafter pi pow power radians random round round_even roundbankers sign signbit sin "
    "sinh sqrt subtract tan tanh trunc xor equi_width_bins to_base",
    "text": "array_to_string ascii bar base64 bin bit_length char_length character_length chr concat concat_ws contains "
    "damerau_levenshtein decode editdist3 encode ends_with format format_bytes formatreadablesize formatreadabledecimalsize "
    "from_base64 from_hex hamming hash hex instr jaccard jaro_similarity jaro_winkler_similarity lcase left left_grapheme "
    "len length length_grapheme levenshtein lower lpad ltrim md5 mismatches nfc_normalize octet_length ord "
    "parse_formatted_bytes position prefix printf regexp_escape regexp_extract regexp_extract_all regexp_full_match "
    "regexp_matches regexp_replace regexp_split_to_array repeat replace reverse right right_grapheme rpad rtrim sha1 sha256 "
    "split split_part starts_with str_split str_split_regex string_split string_split_regex string_to_array strip_accents "
    "strlen strpos substr substring substring_grapheme suffix to_base64 to_binary to_hex translate trim ucase unhex unicode "
    "unbin from_binary upper url_decode url_encode uuid gen_random_uuid",
    "dates": "age ago century current_date current_localtime current_localtimestamp date_add date_diff date_part date_sub "
    "date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade epoch "
    "epoch_ms epoch_ns epoch_us era get_current_time get_current_timestamp hour isodow isoyear julian last_day make_date "
    "make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz microsecond millennium millisecond minute "
    "month monthname nanosecond now quarter second strftime strptime time_bucket timezone timezone_hour timezone_minute "
    "to_centuries to_days to_decades to_hours to_microseconds to_millennia to_milliseconds to_minutes to_months to_quarters "
    "to_seconds to_timestamp to_weeks to_years today transaction_timestamp try_strptime week weekday weekofyear year yearweek",
    "lists": "aggregate apply array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains "
    "array_distinct array_extract array_filter array_has array_has_all array_has_any array_indexof array_intersect "
    "array_length array_pop_back array_pop_front array_position array_prepend array_push_back array_push_front array_reduce "
    "array_resize array_reverse array_reverse_sort array_select array_slice array_sort array_transform array_unique "
    "array_value array_where array_zip array_cosine_distance array_cosine_similarity array_distance array_inner_product "
    "cardinality element_at filter flatten generate_series generate_subscripts list_aggr list_aggregate list_any_value "
    "list_append list_apply list_avg list_cat list_concat list_contains list_count list_distance list_distinct list_element "
    "list_extract list_filter list_first list_grade_up list_has list_has_all list_has_any list_histogram list_indexof "
    "list_intersect list_last list_max list_median list_min list_mode list_pack list_position list_prepend list_product "
    "list_reduce list_resize list_reverse list_reverse_sort list_select list_slice list_sort list_stddev_pop "
    "list_stddev_samp list_string_agg list_sum list_transform list_unique list_value list_var_pop list_var_samp list_where "
    "list_zip map map_concat map_contains map_entries map_extract map_extract_value map_from_entries map_keys map_values "
    "range reduce row struct_concat struct_extract struct_extract_at struct_insert struct_keys struct_pack struct_values "
    "unnest unpivot_list",
    "json": "array_to_json from_json json json_array json_array_length json_contains json_exists json_extract json_extract_path "
    "json_extract_path_text json_extract_string json_keys json_merge_patch json_object json_pretty json_quote json_structure "
    "json_type json_valid json_value row_to_json to_json",
    "aggregates": "any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_min "
    "arg_min_null argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count count_if count_star countif "
    "covar_pop covar_samp entropy favg first fsum geomean geometric_mean group_concat histogram histogram_exact "
    "json_group_array json_group_object kahan_sum kurtosis kurtosis_pop last list listagg mad max max_by mean median min "
    "min_by mode product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2 "
    "regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile sem skewness stddev stddev_pop stddev_samp string_agg sum "
    "sum_no_overflow sumkahan var_pop var_samp variance wavg weighted_avg",
    "windows": "cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense "
    "row_number",
    "geography": "st_affine st_area st_area_spheroid st_asgeojson st_asbinary st_ashexwkb st_astext st_aswkb st_aswkt st_assvg "
    "st_azimuth st_boundary st_buffer st_buildarea st_centroid st_closestpoint st_collect st_collectionextract "
    "st_concavehull st_contains st_containsproperly st_convexhull st_coveredby st_covers st_crosses st_dwithin "
    "st_dwithin_spheroid st_difference st_dimension st_disjoint st_distance st_distance_sphere st_distance_spheroid st_dump "
    "st_endpoint st_envelope st_envelope_agg st_equals st_expand st_extent st_extent_agg st_extent_approx st_exteriorring "
    "st_flipcoordinates st_force2d st_geomfromgeojson st_geomfromhexwkb st_geomfromtext st_geomfromwkb st_geometrytype "
    "st_hilbert st_interiorringn st_intersection st_intersection_agg st_intersects st_intersects_extent st_isclosed "
    "st_isempty st_isring st_issimple st_isvalid st_length st_length_spheroid st_lineinterpolatepoint st_linelocatepoint "
    "st_linemerge st_linesubstring st_makebox2d st_makeenvelope st_makeline st_makepoint st_makepolygon st_makevalid "
    "st_maximuminscribedcircle st_minimumrotatedrectangle st_multi st_ngeometries st_npoints st_normalize st_numgeometries "
    "st_numinteriorrings st_numpoints st_overlaps st_perimeter st_perimeter_spheroid st_point st_pointn st_pointonsurface "
    "st_points st_polygonize st_quadkey st_reduceprecision st_removerepeatedpoints st_reverse st_rotate st_scale "
    "st_shortestline st_simplify st_simplifypreservetopology st_snap st_startpoint st_symdifference st_touches st_transform "
    "st_translate st_union st_union_agg st_voronoidiagram st_within st_withinproperly st_x st_xmax st_xmin st_y st_ymax "
    "st_ymin st_z st_zmax st_zmin",
}  # fmt: skip
FUNCTIONS: Final = frozenset(name for words in _FUNCTIONS.values() for name in words.split())
"""Functions that only compute: none reads a file, a setting, a variable, the catalogue, or sleeps."""

TYPES: Final = frozenset(
    {
        "BIGINT", "BIT", "BLOB", "BOOLEAN", "DATE", "DECIMAL", "DOUBLE", "FLOAT", "GEOMETRY", "HUGEINT", "INTEGER",
        "INTERVAL", "LIST", "ARRAY", "MAP", "NULL", "\"NULL\"", "SMALLINT", "STRUCT", "TIME", "TIME WITH TIME ZONE", "TIME_NS",
        "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP_S", "TINYINT", "UBIGINT",
        "UHUGEINT", "UINTEGER", "UNKNOWN", "USMALLINT", "UTINYINT", "UUID", "VARCHAR", "BIGNUM",
    }
)  # fmt: skip
NAMED_TYPES: Final = frozenset(
    {"json", "geometry", "enum", "varchar", "decimal", "text", "point_2d", "wkb_blob", "box_2d"}
)
"""Types that the parser leaves to be looked up by name."""
