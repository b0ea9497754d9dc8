package ai.postdev.dragon.lake.syntax;

import ai.postdev.actors.text.LineDiff;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One place at which a text differs from an earlier one, as {@code TSInputEdit} has it. Where it begins and ended are
 * places in the earlier text; where it ends now is a place in the earlier text with this edit made in it and those after
 * it, so edits are to be made from the last to the first. Offsets and columns in bytes, rows from 0.
 */
record TextEdit(
        int start,
        int oldEnd,
        int newEnd,
        int startRow,
        int startColumn,
        int oldEndRow,
        int oldEndColumn,
        int newEndRow,
        int newEndColumn) {
    /** What differs as a whole is compared line by line from this size on: below it, parsing it again is as fast. */
    private static final int COMPARED_FROM = 2 << 10;

    /** More edits than this are one: making them would take as long as parsing what lies between. */
    private static final int MOST = 200;

    /** Where {@code now} differs from {@code before}, in order; empty if it does not. No character is cut in two. */
    static List<TextEdit> between(Lines before, Lines now) {
        byte[] old = before.utf8();
        byte[] fresh = now.utf8();
        int differs = Arrays.mismatch(old, fresh);
        if (differs < 0) {
            return List.of();
        }
        int start = Math.min(before.characterStart(differs), now.characterStart(differs));
        int oldEnd = old.length;
        int newEnd = fresh.length;
        while (oldEnd > start && newEnd > start && old[oldEnd - 1] == fresh[newEnd - 1]) {
            oldEnd--;
            newEnd--;
        }
        while (oldEnd < old.length && (old[oldEnd] & 0xc0) == 0x80) {
            oldEnd++;
            newEnd++;
        }
        if (Math.max(oldEnd, newEnd) - start >= COMPARED_FROM) {
            List<TextEdit> lineByLine = lineByLine(before, now, start, oldEnd, newEnd);
            if (lineByLine.size() <= MOST) {
                return lineByLine;
            }
        }
        return List.of(of(before, now, start, oldEnd, start, newEnd));
    }

    private static List<TextEdit> lineByLine(Lines before, Lines now, int start, int oldEnd, int newEnd) {
        int row = before.rowOf(start);
        int from = before.start(row);
        int oldRows = row;
        int newRows = row;
        List<TextEdit> edits = new ArrayList<>();
        int oldTo = before.start(before.rowOf(oldEnd) + 1);
        int newTo = now.start(now.rowOf(newEnd) + 1);
        for (LineDiff.Edit edit :
                LineDiff.of(before.text(from, oldTo), now.text(from, newTo)).edits()) {
            edits.add(of(
                    before,
                    now,
                    before.start(oldRows + edit.oldStart()),
                    before.start(oldRows + edit.oldEnd()),
                    now.start(newRows + edit.newStart()),
                    now.start(newRows + edit.newEnd())));
        }
        return edits;
    }

    private static TextEdit of(Lines before, Lines now, int oldStart, int oldEnd, int newStart, int newEnd) {
        int startRow = before.rowAt(oldStart);
        int startColumn = oldStart - before.start(startRow);
        int oldEndRow = before.rowAt(oldEnd);
        int rows = now.rowAt(newEnd) - now.rowAt(newStart);
        return new TextEdit(
                oldStart,
                oldEnd,
                oldStart + newEnd - newStart,
                startRow,
                startColumn,
                oldEndRow,
                oldEnd - before.start(oldEndRow),
                startRow + rows,
                rows == 0 ? startColumn + newEnd - newStart : newEnd - now.start(now.rowAt(newEnd)));
    }
}
