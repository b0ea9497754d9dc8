package ai.postdev.actors.text;

import ai.postdev.actors.text.LineDiff.Edit;
import ai.postdev.v1.Hunk;
import java.util.ArrayList;
import java.util.List;

/** Writes what changed in a file as git does, with three lines around, so that {@code git apply} understands it. Pure. */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;
    private static final String NO_NEWLINE = "\\ No newline at end of file";

    private UnifiedDiff() {}

    /** What became of the file. */
    public enum Change {
        MODIFIED,
        CREATED,
        REMOVED
    }

    /** The hunks of a diff; lines with their sign and without their end. */
    public static List<Hunk> hunks(LineDiff diff) {
        List<Hunk> hunks = new ArrayList<>();
        List<Edit> edits = diff.edits();
        int first = 0;
        for (int next = 1; next <= edits.size(); next++) {
            boolean together = next < edits.size()
                    && edits.get(next).oldStart() - edits.get(next - 1).oldEnd() <= 2 * CONTEXT;
            if (!together) {
                hunks.add(hunk(diff, edits.subList(first, next)));
                first = next;
            }
        }
        return hunks;
    }

    private static Hunk hunk(LineDiff diff, List<Edit> edits) {
        int oldStart = Math.max(0, edits.getFirst().oldStart() - CONTEXT);
        int newStart = edits.getFirst().newStart() - (edits.getFirst().oldStart() - oldStart);
        int oldEnd = Math.min(diff.oldLines().size(), edits.getLast().oldEnd() + CONTEXT);
        int newEnd = edits.getLast().newEnd() + (oldEnd - edits.getLast().oldEnd());
        Hunk.Builder hunk = Hunk.newBuilder()
                .setOldStart(oldEnd == oldStart ? oldStart : oldStart + 1)
                .setOldLines(oldEnd - oldStart)
                .setNewStart(newEnd == newStart ? newStart : newStart + 1)
                .setNewLines(newEnd - newStart);
        int at = oldStart;
        for (Edit edit : edits) {
            add(hunk, ' ', diff.oldLines().subList(at, edit.oldStart()));
            add(hunk, '-', diff.oldLines().subList(edit.oldStart(), edit.oldEnd()));
            add(hunk, '+', diff.newLines().subList(edit.newStart(), edit.newEnd()));
            at = edit.oldEnd();
        }
        add(hunk, ' ', diff.oldLines().subList(at, oldEnd));
        return hunk.build();
    }

    private static void add(Hunk.Builder hunk, char sign, List<String> lines) {
        for (String line : lines) {
            if (line.endsWith("\n")) {
                hunk.addLines(sign + line.substring(0, line.length() - 1));
            } else {
                hunk.addLines(sign + line).addLines(NO_NEWLINE);
            }
        }
    }

    /** The whole diff of the file at {@code path}; not for a file that did not change. */
    public static String of(String path, Change change, List<Hunk> hunks) {
        StringBuilder text = new StringBuilder("diff --git ")
                .append(quoted("a/" + path))
                .append(' ')
                .append(quoted("b/" + path))
                .append('\n');
        switch (change) {
            case MODIFIED -> {}
            case CREATED -> text.append("new file mode 100644\n");
            case REMOVED -> text.append("deleted file mode 100644\n");
        }
        if (!hunks.isEmpty()) {
            text.append("--- ").append(change == Change.CREATED ? "/dev/null" : named("a/" + path));
            text.append("\n+++ ").append(change == Change.REMOVED ? "/dev/null" : named("b/" + path));
            text.append('\n');
        }
        for (Hunk hunk : hunks) {
            text.append(head(hunk)).append('\n');
            hunk.getLinesList().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /** The line that begins a hunk. */
    public static String head(Hunk hunk) {
        return "@@ -" + range(hunk.getOldStart(), hunk.getOldLines()) + " +"
                + range(hunk.getNewStart(), hunk.getNewLines()) + " @@";
    }

    private static String range(int start, int lines) {
        return lines == 1 ? Integer.toString(start) : start + "," + lines;
    }

    /** A tab after a name with a space tells where it ends. */
    private static String named(String path) {
        String name = quoted(path);
        return name.indexOf(' ') >= 0 && name.charAt(0) != '"' ? name + "\t" : name;
    }

    /** In double quotes, as in C, if it holds something that would end it. */
    private static String quoted(String path) {
        StringBuilder quoted = new StringBuilder();
        boolean plain = true;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean control = c < 0x20 || c == 0x7f;
            plain &= !control && c != '"' && c != '\\';
            if (control) {
                quoted.append(String.format("\\%03o", (int) c));
            } else if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c);
            }
        }
        return plain ? path : "\"" + quoted + "\"";
    }
}
