package ai.postdev.dragon.lake.portable;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.journal.Adoption;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Takes a project in from an export. Any one thread; blocks. */
public final class Import {
    private Import() {}

    /**
     * What was taken in.
     *
     * @param workspace that was written to last, if any was
     */
    public record Report(
            ProjectId project, String name, Tally tally, VersionVector upTo, Optional<WorkspaceId> workspace) {}

    /**
     * Takes the project of {@code file} into the journal; if anything is wrong with the file the journal stays as it is.
     *
     * @throws PortableRefused if the file is not whole, damaged, of a newer version, or no export
     */
    public static Report run(Path file, PortableSettings settings, Home home) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new PortableRefused(file + " is " + (Files.exists(file) ? "no file" : "not there")
                    + ", expected a file that postdevai export wrote");
        }
        try (PortableReader reader =
                new PortableReader(new BufferedInputStream(Files.newInputStream(file), 1 << 16), settings)) {
            Line.Header header = reader.header();
            if (!header.after().sequences().isEmpty()) {
                throw new PortableRefused(
                        "it goes on after operations " + header.after().sequences()
                                + ", which it does not hold; is it a part of a backup? Then: postdevai restore");
            }
            Optional<WorkspaceId> workspace = Optional.empty();
            try (Adoption adoption = home.begin(Set.of(header.project()))) {
                for (Line.Span span : header.spans()) {
                    adoption.start(header.project(), span.origin(), span.start());
                }
                for (Optional<Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                    take(line.get(), header.project(), adoption);
                    Optional<WorkspaceId> written = workspace(line.get());
                    workspace = written.isPresent() ? written : workspace;
                }
                home.filled(adoption, header.project(), workspace);
                home.clear(header.project());
                adoption.finish();
            }
            return new Report(header.project(), header.name(), reader.tally(), reader.upTo(), workspace);
        } catch (PortableRefused e) {
            throw new PortableRefused("the export " + file + " was not taken in: " + e.getMessage(), e);
        }
    }

    /** Adds one line to what is taken in. */
    public static void take(Line line, ProjectId project, Adoption adoption) throws IOException {
        switch (line) {
            case Line.Change(var operation) -> adoption.operation(operation);
            case Line.Dropped dropped ->
                adoption.dropped(project, dropped.origin(), dropped.sequence(), dropped.digest());
            case Line.Lost lost -> adoption.lost(project, lost.origin(), lost.sequence(), lost.why());
            case Line.Text text -> adoption.text(text.hash(), text.bytes());
            case Line.LostText _, Line.Header _, Line.End _ -> {}
        }
    }

    /** The workspace that a line writes to. */
    public static Optional<WorkspaceId> workspace(Line line) {
        if (!(line instanceof Line.Change(Operation operation))) {
            return Optional.empty();
        }
        return switch (operation.body()) {
            case Body.PutDocument put -> Optional.of(put.workspace());
            case Body.RemoveDocument remove -> Optional.of(remove.workspace());
            case Body.AppendEvent _,
                    Body.PutNode _,
                    Body.RemoveNode _,
                    Body.PutEdge _,
                    Body.RemoveEdge _,
                    Body.PutEmbedding _,
                    Body.SetSetting _,
                    Body.PinEvent _,
                    Body.DropEvents _ -> Optional.empty();
        };
    }

    /** The home that takes projects in. */
    public interface Home {
        /** Begins to take them in. */
        Adoption begin(Set<ProjectId> projects) throws IOException;

        /**
         * All of a project is taken in, and is about to be there.
         *
         * @param workspace the last that it was written from
         */
        default void filled(Adoption adoption, ProjectId project, Optional<WorkspaceId> workspace) throws IOException {
            // Most homes have nothing to add.
        }

        /** Removes views that are left of a project. */
        void clear(ProjectId project) throws IOException;
    }
}
