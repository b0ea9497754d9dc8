package ai.postdev.dragon.lake.backup;

import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.backup.Manifest.Part;
import ai.postdev.dragon.lake.journal.Adoption;
import ai.postdev.dragon.lake.portable.Import;
import ai.postdev.dragon.lake.portable.Line;
import ai.postdev.dragon.lake.portable.PortableReader;
import ai.postdev.dragon.lake.portable.PortableRefused;
import ai.postdev.dragon.lake.portable.PortableSettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings projects back from a backup into a journal that lacks them: all that were asked for or none. Every part is
 * checked before the home is touched. Any one thread; blocks.
 */
public final class Restore {
    private final BackupFolder folder;
    private final PortableSettings settings;

    /**
     * A project that was brought back.
     *
     * @param moment id of the moment it was taken from
     * @param operations that were brought back, lost ones among them
     * @param leftOut operations after the wanted point
     * @param workspace that was written to last, if any was
     */
    public record Restored(
            ProjectId project,
            String name,
            String moment,
            long operations,
            long leftOut,
            long texts,
            long sequence,
            Optional<WorkspaceId> workspace) {}

    /** Restores from the backup in {@code dir}. */
    public Restore(Path dir, PortableSettings settings) {
        this.folder = new BackupFolder(dir.toAbsolutePath().normalize());
        this.settings = settings;
    }

    /** A project as one moment has it. */
    private record Chosen(Manifest moment, Manifest.Project project) {}

    /**
     * Brings projects back.
     *
     * @param selector id, start of the id or name of the project; empty: all
     * @param alone whether it must be a single one
     * @throws BackupRefused if there is no such project or point, or if a part is damaged: it is named
     */
    public List<Restored> run(String selector, Wanted wanted, boolean alone, Import.Home home) throws IOException {
        folder.check();
        List<Chosen> chosen = choose(selector, wanted);
        if (chosen.size() > 1 && (alone || wanted instanceof Wanted.UpToSequence)) {
            throw new BackupRefused(
                    Reply.Reason.INVALID,
                    "the backup holds several projects: " + names(chosen) + "; name one with --project");
        }
        for (Chosen one : chosen) {
            for (Part part : one.project().parts()) {
                String damage = folder.damage(part);
                if (!damage.isEmpty()) {
                    throw new BackupRefused("the backup " + folder.dir() + " is damaged: " + BackupFolder.name(part)
                            + " "
                            + damage + "; nothing was restored. See what is whole: postdevai backup " + folder.dir()
                            + " --verify");
                }
            }
        }
        Set<ProjectId> projects =
                chosen.stream().map(one -> one.project().project()).collect(Collectors.toSet());
        List<Restored> restored = new ArrayList<>();
        try (Adoption adoption = home.begin(projects)) {
            for (Chosen one : chosen) {
                restored.add(new Filling(adoption, one, wanted).run());
                home.filled(
                        adoption,
                        restored.getLast().project(),
                        restored.getLast().workspace());
            }
            for (ProjectId project : projects) {
                home.clear(project);
            }
            adoption.finish();
        }
        return restored;
    }

    private List<Chosen> choose(String selector, Wanted wanted) throws IOException {
        List<String> unreadable = new ArrayList<>();
        List<Manifest> moments =
                wanted instanceof Wanted.Moment(String id) ? List.of(folder.moment(id)) : folder.readable(unreadable);
        if (!unreadable.isEmpty()) {
            // It might be the one that is wanted; an older one must not take its place in silence.
            throw new BackupRefused("the backup " + folder.dir() + " is damaged: " + unreadable.getFirst()
                    + "; nothing was restored. Name a moment that is whole: postdevai backup " + folder.dir()
                    + " --list,"
                    + " then --at ID");
        }
        Map<ProjectId, Chosen> byId = new LinkedHashMap<>();
        for (Manifest moment : moments) {
            for (Manifest.Project project : moment.projects()) {
                Chosen newer = byId.get(project.project());
                boolean anotherHistory =
                        newer != null && !newer.project().since().equals(project.since());
                if (newer == null || anotherHistory && isWanted(moment, wanted)) {
                    byId.put(project.project(), new Chosen(moment, project));
                }
            }
        }
        return selected(selector, List.copyOf(byId.values()));
    }

    /**
     * Whether a moment of an older history already had the wanted time behind it: of each history the newest moment is
     * taken, which holds all of it.
     */
    private static boolean isWanted(Manifest olderMoment, Wanted wanted) {
        return wanted instanceof Wanted.UpToTime(var time)
                && !olderMoment.time().isBefore(time);
    }

    private List<Chosen> selected(String selector, List<Chosen> all) throws BackupRefused {
        if (all.isEmpty()) {
            throw new BackupRefused(Reply.Reason.NOT_FOUND, "the backup " + folder.dir() + " holds no project");
        }
        if (selector.isBlank()) {
            return all;
        }
        List<Chosen> found = all.stream()
                .filter(one -> one.project().project().value().equals(selector))
                .toList();
        if (found.isEmpty()) {
            found = all.stream()
                    .filter(one -> one.project().name().equals(selector))
                    .toList();
        }
        if (found.isEmpty() && selector.length() >= 4) {
            found = all.stream()
                    .filter(one -> one.project().project().value().startsWith(selector))
                    .toList();
        }
        if (found.size() != 1) {
            throw new BackupRefused(
                    found.isEmpty() ? Reply.Reason.NOT_FOUND : Reply.Reason.INVALID,
                    "'" + selector + "' is " + (found.isEmpty() ? "no project" : "the name of several projects")
                            + " of this backup; it holds " + names(all));
        }
        return found;
    }

    private static String names(List<Chosen> chosen) {
        return chosen.stream()
                .map(one -> one.project().name() + " ("
                        + one.project()
                                .project()
                                .value()
                                .substring(
                                        0,
                                        Math.min(
                                                12,
                                                one.project().project().value().length()))
                        + ")")
                .collect(Collectors.joining(", "));
    }

    /** One project on its way into the journal. */
    private final class Filling {
        private final Adoption adoption;
        private final Chosen chosen;
        private final ProjectId project;
        private final Wanted wanted;
        private final Set<Origin> begun = new HashSet<>();
        private final Set<Origin> ended = new HashSet<>();
        private final List<Line> texts = new ArrayList<>();
        private Optional<WorkspaceId> workspace = Optional.empty();
        private long operations;
        private long leftOut;
        private long textCount;
        private long sequence;

        Filling(Adoption adoption, Chosen chosen, Wanted wanted) {
            this.adoption = adoption;
            this.chosen = chosen;
            this.project = chosen.project().project();
            this.wanted = wanted;
        }

        Restored run() throws IOException {
            VersionVector after = VersionVector.EMPTY;
            for (Part part : chosen.project().parts()) {
                try {
                    after = fill(part, after);
                } catch (PortableRefused e) {
                    throw new BackupRefused(
                            "the part " + BackupFolder.name(part) + " of the backup " + folder.dir()
                                    + " cannot be used: " + e.getMessage() + "; nothing was restored",
                            e);
                }
            }
            if (operations == 0) {
                throw new BackupRefused(
                        Reply.Reason.NOT_FOUND,
                        "the backup " + folder.dir() + " holds nothing of project "
                                + chosen.project().name() + " (" + project
                                + ") up to the point that was asked for; nothing was restored");
            }
            if (wanted instanceof Wanted.UpToSequence(long upTo)
                    && upTo > chosen.project().sequence()) {
                throw new BackupRefused(
                        Reply.Reason.NOT_FOUND,
                        "the backup " + folder.dir() + " holds project "
                                + chosen.project().name() + " up to sequence "
                                + chosen.project().sequence() + ", not " + upTo + "; nothing was restored");
            }
            return new Restored(
                    project,
                    chosen.project().name(),
                    chosen.moment().id(),
                    operations,
                    leftOut,
                    textCount,
                    sequence,
                    workspace);
        }

        private VersionVector fill(Part part, VersionVector after) throws IOException {
            try (PortableReader reader = new PortableReader(
                    new BufferedInputStream(Files.newInputStream(folder.part(part.sha256())), 1 << 16), settings)) {
                Line.Header header = reader.header();
                if (!header.project().equals(project) || !header.after().equals(after)) {
                    throw new PortableRefused("it holds project " + header.project() + " after operations "
                            + header.after().sequences() + ", expected " + project + " after " + after.sequences());
                }
                for (Line.Span span : header.spans()) {
                    if (begun.add(span.origin())) {
                        adoption.start(project, span.origin(), span.start());
                    }
                }
                for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                    take(line.get());
                }
                return reader.upTo();
            }
        }

        private void take(Line line) throws IOException {
            switch (line) {
                case Line.Text _, Line.LostText _ -> texts.add(line);
                case Line.Change(Operation operation) -> {
                    if (isWanted(operation)) {
                        Optional<WorkspaceId> written = Import.workspace(line);
                        workspace = written.isPresent() ? written : workspace;
                        keep(line, operation.sequence());
                    } else {
                        leave(operation.origin());
                    }
                }
                case Line.Dropped dropped -> {
                    boolean upTo = !(wanted instanceof Wanted.UpToSequence(long last)) || dropped.sequence() <= last;
                    if (upTo && !ended.contains(dropped.origin())) {
                        keep(line, dropped.sequence());
                    } else {
                        leave(dropped.origin());
                    }
                }
                case Line.Lost lost -> {
                    boolean upTo = !(wanted instanceof Wanted.UpToSequence(long last)) || lost.sequence() <= last;
                    if (upTo && !ended.contains(lost.origin())) {
                        keep(line, lost.sequence());
                    } else {
                        leave(lost.origin());
                    }
                }
                case Line.Header _, Line.End _ -> {}
            }
        }

        /** What an origin wrote after something that is left out is left out too: a prefix comes back, never a sieve. */
        private boolean isWanted(Operation operation) {
            return !ended.contains(operation.origin())
                    && switch (wanted) {
                        case Wanted.Newest _, Wanted.Moment _ -> true;
                        case Wanted.UpToSequence(long last) -> operation.sequence() <= last;
                        case Wanted.UpToTime(var time) ->
                            !operation.time().instant().isAfter(time);
                    };
        }

        private void keep(Line line, long at) throws IOException {
            for (Line text : texts) {
                Import.take(text, project, adoption);
                textCount++;
            }
            texts.clear();
            Import.take(line, project, adoption);
            operations++;
            sequence = Math.max(sequence, at);
        }

        private void leave(Origin origin) throws IOException {
            ended.add(origin);
            if (begun.size() > 1) {
                // Another origin may refer to it too, in an operation that is wanted.
                for (Line text : texts) {
                    Import.take(text, project, adoption);
                }
            }
            texts.clear();
            leftOut++;
        }
    }
}
