package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Writes all operations and texts of a project into one file, while others go on to write to the journal: the file holds
 * what was stored when it began. Any one thread; blocks.
 */
public final class Export {
    /** Operations between two tellings of the progress. */
    public static final long PROGRESS_EVERY = 1_000;

    private Export() {}

    /**
     * What was written.
     *
     * @param upTo the last operation of each origin
     * @param bytes of the file
     * @param sha256 of the file
     */
    public record Report(Tally tally, VersionVector upTo, long bytes, ContentHash sha256) {}

    /** Is told now and then how far a copy has come. */
    public interface Progress {
        /**
         * Some more was copied.
         *
         * @param operationsTotal of the project; those after the beginning of the copy are not among them
         * @param bytes written so far, compressed
         */
        void moved(ProjectId project, long operationsDone, long operationsTotal, long bytes);
    }

    /**
     * Writes the file, under another name until it is whole.
     *
     * @param name of the project, for people
     * @throws PortableRefused if there is a file of this name
     * @throws JournalRefused if the project is damaged; nothing is left behind
     */
    public static Report write(
            Journal journal, ProjectId project, String name, Path file, PortableSettings settings, Progress progress)
            throws IOException {
        if (Files.exists(file)) {
            throw new PortableRefused(file + " is there already; give another name, or remove it first");
        }
        VersionVector upTo = journal.versionVector(project);
        Map<Origin, Long> starts = journal.starts(project);
        long total = journal.operations(project);
        try (WholeFile whole = WholeFile.begin(file.resolveSibling(file.getFileName() + ".partial"))) {
            Tally tally;
            try (PortableWriter writer =
                    new PortableWriter(whole.stream(), header(project, name, starts, VersionVector.EMPTY), settings)) {
                long[] done = new long[1];
                copy(journal, project, VersionVector.EMPTY, upTo, lines -> {
                    for (Line line : lines) {
                        writer.add(line);
                    }
                    if (++done[0] % PROGRESS_EVERY == 0) {
                        progress.moved(project, done[0], total, whole.bytes());
                    }
                });
                tally = writer.finish();
            }
            whole.keepAs(file);
            return new Report(tally, upTo, whole.bytes(), whole.sha256());
        }
    }

    /** The header of a stream that goes on after {@code after}; origins that go on where another ended come later. */
    public static Line.Header header(ProjectId project, String name, Map<Origin, Long> starts, VersionVector after) {
        List<Line.Span> spans = starts.entrySet().stream()
                .sorted(Comparator.comparing(Map.Entry<Origin, Long>::getValue).thenComparing(Map.Entry::getKey))
                .map(start -> new Line.Span(
                        start.getKey(),
                        start.getValue(),
                        Math.max(start.getValue() - 1, after.sequence(start.getKey()))))
                .toList();
        return new Line.Header(project, name, spans);
    }

    /** Hands out the lines of a project's operations after and up to what is given. */
    public static void copy(
            Journal journal, ProjectId project, VersionVector after, VersionVector upTo, OperationLines.Taker to)
            throws IOException {
        try {
            journal.replay(project, after, upTo, new OperationLines(journal, to));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (JournalRefused e) {
            if (!journal.projects().contains(project)) {
                throw new PortableRefused("project " + project + " was forgotten while it was copied", e);
            }
            throw e;
        }
    }
}
