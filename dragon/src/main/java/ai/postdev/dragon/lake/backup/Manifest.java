package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.dragon.lake.portable.Tally;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One moment of a backup.
 *
 * @param id from the time, in the order of time
 * @param time when it was taken, to the millisecond
 */
public record Manifest(String id, Instant time, List<Project> projects) {
    public Manifest {
        projects = List.copyOf(projects);
    }

    /**
     * A project at that moment.
     *
     * @param name for people; may be empty
     * @param since id of the moment with which this history began: another one where the project was forgotten and begun
     *     anew, or taken back to an earlier point
     * @param parts in order; together they hold all operations and texts of the project
     */
    public record Project(ProjectId project, String name, String since, List<Part> parts) {
        public Project {
            parts = List.copyOf(parts);
        }

        /** The last operation of each origin. */
        public VersionVector upTo() {
            return parts.isEmpty() ? VersionVector.EMPTY : parts.getLast().upTo();
        }

        /** The highest sequence. */
        public long sequence() {
            return upTo().sequences().values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
        }

        /** What the parts hold together; a text that comes back after a while counts again. */
        public Tally tally() {
            return parts.stream().map(Part::tally).reduce(Tally.NONE, Tally::plus);
        }

        /** Bytes of the parts. */
        public long bytes() {
            return parts.stream().mapToLong(Part::bytes).sum();
        }
    }

    /**
     * A file of a backup.
     *
     * @param sha256 of the file, which is also its name
     * @param bytes of the file
     * @param plainBytes of the file, uncompressed
     * @param ends where it ends: the last operation of each origin, those of the parts before it included
     */
    public record Part(ContentHash sha256, long bytes, long plainBytes, Tally tally, List<End> ends) {
        public Part {
            ends = List.copyOf(ends);
        }

        /** The last operation of each origin. */
        public VersionVector upTo() {
            Map<Origin, Long> upTo = new HashMap<>();
            ends.forEach(end -> upTo.put(end.origin(), end.sequence()));
            return new VersionVector(upTo);
        }
    }

    /**
     * The last operation of an origin in a part and those before it.
     *
     * @param operation SHA-256 of its durable bytes: tells whether a journal goes on from here, or was begun anew under
     *     the same origin after the project had been forgotten
     */
    public record End(Origin origin, long sequence, ContentHash operation) {}

    /** What this moment holds of a project. */
    public Optional<Project> project(ProjectId id) {
        return projects.stream().filter(one -> one.project().equals(id)).findFirst();
    }
}
