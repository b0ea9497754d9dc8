package ai.postdev.actors.text;

import com.github.difflib.algorithm.Change;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What changed from one text to another, in lines: as few lines as possible (Myers, "An O(ND) Difference Algorithm and Its
 * Variations", 1986). A line ends with {@code \n} and keeps a {@code \r} before it; a last line without an end differs from
 * the same line with one, as for git. Pure; takes up to some hundred milliseconds for texts that differ in everything.
 *
 * @param oldLines each with its end
 * @param newLines each with its end
 * @param edits in order; between two of them at least one line is kept
 * @param minimal false if the lines that differ were too many to find the fewest, and are one edit
 */
public record LineDiff(List<String> oldLines, List<String> newLines, List<Edit> edits, boolean minimal) {
    /** Lines to compare beyond this are one edit: the time grows with the square of what differs. */
    static final int COMPARED_LINES_MAX = 12_000;

    /**
     * Lines of the old text that became lines of the new one.
     *
     * @param oldStart 0-based
     * @param oldEnd exclusive
     * @param newStart 0-based
     * @param newEnd exclusive
     */
    public record Edit(int oldStart, int oldEnd, int newStart, int newEnd) {}

    public LineDiff {
        oldLines = List.copyOf(oldLines);
        newLines = List.copyOf(newLines);
        edits = List.copyOf(edits);
    }

    /** Compares two texts. */
    public static LineDiff of(String before, String after) {
        return of(lines(before), lines(after));
    }

    private static LineDiff of(List<String> before, List<String> after) {
        int shorter = Math.min(before.size(), after.size());
        int head = 0;
        while (head < shorter && before.get(head).equals(after.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < shorter - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        int oldEnd = before.size() - tail;
        int newEnd = after.size() - tail;
        if (head == oldEnd && head == newEnd) {
            return new LineDiff(before, after, List.of(), true);
        }
        Map<String, Integer> numbers = new HashMap<>();
        Kept old = new Kept(before, head, oldEnd, known(after, head, newEnd), numbers);
        Kept fresh = new Kept(after, head, newEnd, known(before, head, oldEnd), numbers);
        if (old.numbers.size() + fresh.numbers.size() > COMPARED_LINES_MAX) {
            return new LineDiff(before, after, List.of(new Edit(head, oldEnd, head, newEnd)), false);
        }
        return new LineDiff(before, after, edits(old, fresh, head, oldEnd, newEnd), true);
    }

    /**
     * The lines of one side that the other side has too. The others surely are changed, and what is kept is the same
     * whether they are compared or not.
     */
    private static final class Kept {
        final List<Integer> numbers = new ArrayList<>();
        final List<Integer> places = new ArrayList<>();

        Kept(List<String> lines, int from, int to, Set<String> ofOther, Map<String, Integer> all) {
            for (int at = from; at < to; at++) {
                String line = lines.get(at);
                if (ofOther.contains(line)) {
                    numbers.add(all.computeIfAbsent(line, _ -> all.size()));
                    places.add(at);
                }
            }
        }
    }

    private static Set<String> known(List<String> lines, int from, int to) {
        return new HashSet<>(lines.subList(from, to));
    }

    private static List<Edit> edits(Kept old, Kept fresh, int head, int oldEnd, int newEnd) {
        List<Change> changes = new MyersDiffWithLinearSpace<Integer>().computeDiff(old.numbers, fresh.numbers, null);
        boolean[] changedOld = new boolean[old.numbers.size()];
        boolean[] changedNew = new boolean[fresh.numbers.size()];
        for (Change change : changes) {
            Arrays.fill(changedOld, change.startOriginal, change.endOriginal, true);
            Arrays.fill(changedNew, change.startRevised, change.endRevised, true);
        }
        List<Edit> edits = new ArrayList<>();
        int oldAt = head;
        int newAt = head;
        int i = 0;
        int j = 0;
        while (true) {
            while (i < changedOld.length && changedOld[i]) {
                i++;
            }
            while (j < changedNew.length && changedNew[j]) {
                j++;
            }
            int oldKept = i < changedOld.length ? old.places.get(i) : oldEnd;
            int newKept = j < changedNew.length ? fresh.places.get(j) : newEnd;
            if (oldAt < oldKept || newAt < newKept) {
                edits.add(new Edit(oldAt, oldKept, newAt, newKept));
            }
            if (i >= changedOld.length) {
                return edits;
            }
            oldAt = oldKept + 1;
            newAt = newKept + 1;
            i++;
            j++;
        }
    }

    /** The lines of a text, each with its end; the last may have none. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start) + 1;
            end = end == 0 ? text.length() : end;
            lines.add(text.substring(start, end));
            start = end;
        }
        return lines;
    }

    /** Lines that are only in the new text. */
    public int added() {
        return edits.stream().mapToInt(edit -> edit.newEnd() - edit.newStart()).sum();
    }

    /** Lines that are only in the old text. */
    public int removed() {
        return edits.stream().mapToInt(edit -> edit.oldEnd() - edit.oldStart()).sum();
    }
}
