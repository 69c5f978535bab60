"""spreadsheets.batchUpdate: sub-requests in order, all or none.

The caller drops the workbook when this raises, so nothing of a refused batch remains. A refusal names
the sub-request the way the service does: `Invalid requests[2].addSheet: …`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.sandbox.sheets import (
    batch_blocks,
    batch_borders,
    batch_cells,
    batch_copies,
    batch_fill,
    batch_marks,
    batch_merges,
    batch_paste,
    batch_rows,
    batch_tabs,
    batch_texts,
    metadata,
)
from bot.sandbox.sheets.wire import MALFORMED, ApiError, Json, invalid, not_built
from bot.sandbox.sheets.workbook import Workbook

Step: TypeAlias = Callable[[Workbook, Json], Json]

STEPS: Mapping[str, Step] = {
    "updateCells": batch_cells.update_cells,
    "repeatCell": batch_cells.repeat_cell,
    "setDataValidation": batch_cells.set_data_validation,
    "appendCells": batch_cells.append_cells,
    "findReplace": batch_cells.find_replace,
    "copyPaste": batch_paste.copy_paste,
    "cutPaste": batch_paste.cut_paste,
    "insertRange": batch_blocks.insert_range,
    "deleteRange": batch_blocks.delete_range,
    "autoFill": batch_fill.auto_fill,
    "pasteData": batch_texts.paste_data,
    "textToColumns": batch_texts.text_to_columns,
    "trimWhitespace": batch_texts.trim_whitespace,
    "deleteDuplicates": batch_texts.delete_duplicates,
    "randomizeRange": batch_texts.randomize_range,
    "updateBorders": batch_borders.update_borders,
    "mergeCells": batch_merges.merge_cells,
    "unmergeCells": batch_merges.unmerge_cells,
    "addSheet": batch_tabs.add_sheet,
    "deleteSheet": batch_tabs.delete_sheet,
    "updateSheetProperties": batch_tabs.update_sheet_properties,
    "updateSpreadsheetProperties": batch_tabs.update_spreadsheet_properties,
    "addConditionalFormatRule": batch_tabs.add_conditional_format_rule,
    "deleteConditionalFormatRule": batch_tabs.delete_conditional_format_rule,
    "addFilterView": batch_tabs.add_filter_view,
    "updateFilterView": batch_tabs.update_filter_view,
    "deleteFilterView": batch_tabs.delete_filter_view,
    "duplicateFilterView": batch_tabs.duplicate_filter_view,
    "insertDimension": batch_rows.insert_dimension,
    "deleteDimension": batch_rows.delete_dimension,
    "appendDimension": batch_rows.append_dimension,
    "moveDimension": batch_rows.move_dimension,
    "updateDimensionProperties": batch_rows.update_dimension_properties,
    "addDimensionGroup": batch_rows.add_dimension_group,
    "updateDimensionGroup": batch_rows.update_dimension_group,
    "sortRange": batch_rows.sort_range,
    "autoResizeDimensions": batch_rows.auto_resize_dimensions,
    "deleteDimensionGroup": batch_rows.delete_dimension_group,
    "duplicateSheet": batch_copies.duplicate_sheet,
    "updateConditionalFormatRule": batch_tabs.update_conditional_format_rule,
    "addNamedRange": batch_marks.NAMED.add,
    "updateNamedRange": batch_marks.NAMED.update,
    "deleteNamedRange": batch_marks.NAMED.delete,
    "addProtectedRange": batch_marks.add_protected_range,
    "updateProtectedRange": batch_marks.update_protected_range,
    "deleteProtectedRange": batch_marks.delete_protected_range,
    "addBanding": batch_marks.add_banding,
    "updateBanding": batch_marks.BANDED.update,
    "deleteBanding": batch_marks.BANDED.delete,
    "setBasicFilter": batch_marks.set_basic_filter,
    "clearBasicFilter": batch_marks.clear_basic_filter,
    "createDeveloperMetadata": metadata.create,
    "updateDeveloperMetadata": metadata.update,
    "deleteDeveloperMetadata": metadata.delete,
}


def apply(workbook: Workbook, requests: list[Json]) -> list[Json]:
    """The replies, one for each sub-request. Raises ApiError for the first bad one."""
    if not requests:
        raise invalid("Must specify at least one request.")
    return [_apply_one(workbook, number, request) for number, request in enumerate(requests)]


def _apply_one(workbook: Workbook, number: int, request: Json) -> Json:
    if len(request) != 1:
        raise invalid(f"Invalid requests[{number}]: exactly one kind of request must be set.")
    ((kind, body),) = request.items()
    step = STEPS.get(kind)
    if step is None:
        raise not_built(f"requests[{number}].{kind}")
    try:
        return step(workbook, body)
    except ApiError as error:
        raise error.prefixed(f"Invalid requests[{number}].{kind}: ") from error
    except MALFORMED as error:
        raise invalid(f"Invalid requests[{number}].{kind}: malformed request ({error!r})") from error
