"""Which test holds which fact, where it is not a case of its own in the other fact files.

What is unknown [U] is a switch of SheetsOptions, and every switch is turned once somewhere.
"""

import ast
from dataclasses import fields
from pathlib import Path

from bot.sandbox.sheets.service import SheetsOptions

HERE = Path(__file__).parent

ELSEWHERE = {
    "1: 60 reads and 60 writes a minute for a user, one unit a call": "test_the_default_is_googles",
    "1: 429 carries ErrorInfo and Help": "test_the_default_is_googles",
    "1: an answer can be lost after the write": "test_an_answer_can_be_lost_after_the_write",
    "1: 502 is a page": "test_a_gateway_answers_a_page",
    "1: a file that is not shared is 403": "test_what_a_role_may_do",
    "2: somebody's hands between read and write": "test_somebody_s_hands_before_a_write",
    "2: content-addressed replace": "test_find_replace_is_a_compare_and_set",
    "2: write and verify in one call": "test_the_answer_can_carry_the_state_after_the_batch",
    "2: null of the id column is read back": "test_null_of_an_id_column_is_read_back",
    "2: ids make adding idempotent": "test_a_wished_id_makes_adding_idempotent",
    "2: metadata and sorting": "test_what_a_sort_does_to_metadata_is_a_switch",
    "2: values by data filter": "test_data_filters_read_write_and_clear_by_tag",
    "2: a name whose cells are gone stays taken": "test_a_name_whose_cells_were_deleted_stays_taken",
    "2: protections without editors protect nothing": "test_whom_a_protection_lets_through",
    "2: protected cells are closed": "test_protected_cells_are_closed_to_others",
    "2: ticked and unticked boxes are data to an append": "test_append_counts_unticked_boxes_as_data",
    "2: appendCells goes below all data": "test_append_cells_goes_below_all_data",
    "3: modifiedTime moves at once with API writes": "test_google_client_for_drive",
    "4: colours are 32-bit floats and fill their twins": "test_formats_merge_by_mask",
    "4: a merged block shows in its first cell": "test_merging_keeps_the_first_cell",
    "4: an open protection's reply has no editors, a read has": "test_whom_a_protection_lets_through",
    "4: links in grid data": "test_errors_and_links_in_grid_data",
    "5: cells of the range that rows leave out are cleared": "test_update_cells_clears_what_rows_do_not_reach",
    "5: conditional formats are a list": "test_conditional_formats_are_an_ordered_list",
    "5: bandings": "test_bandings_do_not_overlap",
    "5: filter views": "test_filter_views_come_and_go",
    "5: column width and hidden mark": "test_column_width_and_hidden_mark",
    "6: everything gspread sends": "test_every_public_method",
    "6: open_by_key tells 403 from 404": "test_gspread_tells_an_unshared_file_from_a_missing_one",
    "6: a service account's key file and token": "test_a_service_account_signs_in",
    "6: service accounts may have no storage": "test_a_service_account_may_have_no_storage",
    "8: google-api-python-client": "test_google_client_batches",
    "8: pygsheets": "test_it_shapes_the_sheet",
    "8: gzip, nulls, percent signs": "test_zipped_bodies",
}

SWITCHES = {
    "data_filter_reads_are_writes": "test_a_post_that_reads_may_be_charged_either_way",
    "find_replace_parses": "test_find_replace_may_read_like_typing",
    "image_reads_as": "test_pictures_may_read_as_something_else",
    "strict_validation": "test_strict_rules_may_hold_for_api_writes",
    "sort_moves_metadata": "test_what_a_sort_does_to_metadata_is_a_switch",
    "empty_filter_is_an_error": "test_what_is_not_documented_can_be_turned",
    "copies_take_metadata": "test_what_is_not_documented_can_be_turned",
    "bandings_may_overlap": "test_what_is_not_documented_can_be_turned",
    "booleans_speak_locale": "test_what_is_not_documented_can_be_turned",
    "signs_start_formulas": "test_what_is_not_documented_can_be_turned",
    "text_cells_keep_text": "test_what_is_not_documented_can_be_turned",
    "most_columns": "test_what_is_not_documented_can_be_turned",
    "most_metadata": "test_what_is_not_documented_can_be_turned",
    "robots_own_files": "test_a_service_account_may_have_no_storage",
    "require_token": "test_unknown_tokens_can_be_refused",
    "reads_per_minute": "test_the_default_is_googles",
    "writes_per_minute": "test_the_default_is_googles",
    "unlimited_users": "test_the_default_is_googles",
}


def test_the_tests_named_here_are_there():
    """A fact whose test was renamed or dropped is missed here."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in HERE.glob("test_*.py")]
    known = {node.name for tree in trees for node in tree.body if isinstance(node, ast.FunctionDef)}

    assert {*ELSEWHERE.values(), *SWITCHES.values()} <= known
    assert set(SWITCHES) == {field.name for field in fields(SheetsOptions)}
