/**
 * The board of the rooms covers the columns of stage and people; whoever leads somebody there closes it.
 */
import { byId } from "../../../lib/dom.js";

/** The event that closes the board, on the element that holds the columns. */
export const BOARD = "baraza:board";

/** Close the board, where it is open. */
export function closeBoard() {
  byId("columns").dispatchEvent(new CustomEvent(BOARD));
}
